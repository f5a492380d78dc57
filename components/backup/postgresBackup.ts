import * as pulumi from "@pulumi/pulumi";
import type { Postgres } from "../../domain/datastore.ts";
import { egressToOwnNamespace } from "../../domain/egress.ts";
import type { Environment } from "../../domain/environment.ts";
import { images, users } from "../../domain/images.ts";
import { inputs } from "../inputs.ts";
import { fromSecret } from "../jobs/fromSecret.ts";
import type { Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import { type BackupArgs, publishedBackup } from "./publishedBackup.ts";

export type PostgresBackupArgs = BackupArgs<Postgres>;

/**
 * Dumps a PostgreSQL database on schedule, reads the dump back, and publishes it in S3 with a manifest put last. Each step is
 * a container of the vendor's own image; the next starts only after the one before succeeded.
 */
export class PostgresBackup extends pulumi.ComponentResource {
  constructor(name: string, args: PostgresBackupArgs, options?: pulumi.ComponentResourceOptions) {
    super("upkeep:backup:PostgresBackup", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, datastore, backup, bucket } = args;
    publishedBackup(
      name,
      args,
      {
        step: dumpStep(environment, datastore),
        artefact: "/scratch/backup.dump",
        // The dump of a database is never larger than the database.
        scratch: datastore.size.value,
        egress: [egressToOwnNamespace(datastore.port)],
      },
      this,
    );
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix });
  }
}

function dumpStep(
  { images: { registry } }: Environment,
  { host, port, version, database, credentials }: Postgres,
): Step {
  return {
    name: "dump",
    image: images(registry).postgres(version),
    program: program("postgres/dump.sh"),
    user: users.postgres,
    memory: "256Mi",
    environment: [
      { name: "PGHOST", value: host },
      { name: "PGPORT", value: String(port) },
      { name: "PGDATABASE", value: database },
      credentials.username
        ? { name: "PGUSER", value: credentials.username }
        : fromSecret("PGUSER", credentials.name, credentials.usernameKey),
      fromSecret("PGPASSWORD", credentials.name, credentials.passwordKey),
    ],
  };
}
