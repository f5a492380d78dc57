import * as pulumi from "@pulumi/pulumi";
import { redis } from "../../domain/backup/datastores/redis.ts";
import { maxLagSeconds } from "../../domain/backup/lag.ts";
import type { Redis } from "../../domain/declaration/datastore.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { egressToServer } from "../../domain/kubernetes/egress.ts";
import { images, serverImage, users } from "../../domain/kubernetes/images.ts";
import { bytes, sizeOf } from "../../domain/values/size.ts";
import { type Inputs, knownBackup } from "../backup/knownBackup.ts";
import { type BackupArgs, publishedBackup } from "../backup/publishedBackup.ts";
import type { ServerRestore } from "../backup/serverRestore.ts";
import { inputs } from "../inputs.ts";
import { fromSecret } from "../jobs/fromSecret.ts";
import type { Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";

export type RedisBackupArgs = BackupArgs<Redis>;

const ARTEFACT = "/scratch/backup.rdb";

/**
 * Dumps all of a Redis server's data on schedule, over the network as a replica does, reads the dump back, and publishes it
 * in S3 with a manifest put last. The server's own files are never touched: they may be older, or half written.
 */
export class RedisBackup extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJob: pulumi.Output<string>;

  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<RedisBackupArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<RedisBackupArgs>(given, own);
    super("upkeep:backup:RedisBackup", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, datastore, backup, bucket } = args;
    const job = publishedBackup(
      name,
      args,
      {
        step: dumpStep(environment, datastore),
        verify: verifyStep(environment, datastore),
        artefact: ARTEFACT,
        scratch: redis.scratch(datastore).backup,
        egress: [egressToServer(datastore)],
      },
      this,
    );
    this.cronJob = job.cronJob;
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix, cronJob: this.cronJob });
  }
}

function serverOf({ images: { registry } }: EnvironmentPart<"images">, datastore: Redis) {
  return serverImage(datastore, { image: images(registry).redis, user: users.redis }, registry);
}

function dumpStep(environment: EnvironmentPart<"images">, datastore: Redis): Step {
  const { password } = datastore;
  const step = redisStep(environment, datastore, "dump");
  // In the environment, because every process on the node can read another's arguments.
  const secrets = password ? [fromSecret("REDISCLI_AUTH", password.secret, password.key)] : [];
  const lag = { name: "MAX_LAG", value: String(maxLagSeconds(datastore)) };
  return { ...step, environment: [...step.environment, lag, ...secrets] };
}

function verifyStep(environment: EnvironmentPart<"images">, datastore: Redis): Step {
  return redisStep(environment, datastore, "verify");
}

function redisStep(environment: EnvironmentPart<"images">, datastore: Redis, name: "dump" | "verify"): Step {
  const { host, port } = datastore;
  return {
    name,
    ...serverOf(environment, datastore),
    program: program(`redis/${name}.sh`),
    memory: "256Mi",
    environment: [
      { name: "ARTEFACT", value: ARTEFACT },
      { name: "HOST", value: host },
      { name: "PORT", value: String(port) },
    ],
  };
}

/** How a dump is restored: into a drill's own server, or into the declared one. */
export function redisRestore({ environment, datastore }: RedisBackupArgs): ServerRestore {
  const { host, port, size, password } = datastore;
  const { drill: drillScratch, restore: restoreScratch } = redis.scratch(datastore);
  const step = (name: string, variables: Step["environment"]): Step => ({
    name,
    ...serverOf(environment, datastore),
    program: program(`redis/${name}.sh`),
    // A drill's server holds all data in memory, and needs some more to serve it.
    memory: sizeOf(bytes(size.value) * 1.5 + bytes("128Mi")),
    environment: variables,
  });
  const server: Step["environment"] = [
    { name: "PORT", value: String(port) },
    ...(password ? [fromSecret("REDISCLI_AUTH", password.secret, password.key)] : []),
  ];
  return {
    drill: () => step("drill", []),
    drillScratch,
    before: { ...step("before-restore", server), memory: "256Mi" },
    restore: step("restore", [
      ...server,
      { name: "ADDRESS", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } } },
    ]),
    restoreScratch,
    host,
    port,
    ...(datastore.network && { network: datastore.network }),
    replicates: true,
    parameters: { TARGET: host, CONFIRM: host },
  };
}
