import * as pulumi from "@pulumi/pulumi";
import type { Redis } from "../../domain/datastore.ts";
import { egressToOwnNamespace } from "../../domain/egress.ts";
import type { Environment } from "../../domain/environment.ts";
import { images, users } from "../../domain/images.ts";
import { inputs } from "../inputs.ts";
import { fromSecret } from "../jobs/fromSecret.ts";
import type { Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import { type BackupArgs, publishedBackup } from "./publishedBackup.ts";

export type RedisBackupArgs = BackupArgs<Redis>;

/**
 * Takes all that a Redis server holds on schedule, over the network as a replica does, reads the dump back, and publishes it
 * in S3 with a manifest put last. The server's own files are never touched: they may be older, or half written (D-MP-26).
 */
export class RedisBackup extends pulumi.ComponentResource {
  constructor(name: string, args: RedisBackupArgs, options?: pulumi.ComponentResourceOptions) {
    super("upkeep:backup:RedisBackup", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, datastore, backup, bucket } = args;
    publishedBackup(
      name,
      args,
      {
        step: dumpStep(environment, datastore),
        artefact: "/scratch/backup.rdb",
        scratch: datastore.size.value,
        egress: [egressToOwnNamespace(datastore.port)],
      },
      this,
    );
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix });
  }
}

function dumpStep({ images: { registry } }: Environment, { host, port, password }: Redis): Step {
  return {
    name: "dump",
    image: images(registry).redis,
    program: program("redis/dump.sh"),
    user: users.redis,
    memory: "256Mi",
    environment: [
      { name: "HOST", value: host },
      { name: "PORT", value: String(port) },
      // In the environment: any program of the node can read another's arguments.
      ...(password ? [fromSecret("REDISCLI_AUTH", password.secret, password.key)] : []),
    ],
  };
}
