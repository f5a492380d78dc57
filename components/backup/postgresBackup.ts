import * as pulumi from "@pulumi/pulumi";
import { dumpJobs, dumpScratch } from "../../domain/backup/datastores/postgres.ts";
import type { Postgres } from "../../domain/declaration/datastore.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { egressToOwnNamespace } from "../../domain/kubernetes/egress.ts";
import { images, users } from "../../domain/kubernetes/images.ts";
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
        verify: verifyStep(environment, datastore),
        artefact: artefact(datastore),
        scratch: dumpScratch(datastore),
        egress: [egressToOwnNamespace(datastore.port)],
      },
      this,
    );
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix });
  }
}

/** One file: a dump in the custom format or, where several workers wrote it, a tar of their files. */
function artefact(datastore: Postgres): string {
  return dumpJobs(datastore) > 1 ? "/scratch/backup.tar" : "/scratch/backup.dump";
}

function dumpStep({ images: { registry } }: Environment, datastore: Postgres): Step {
  const { host, port, version, database, credentials } = datastore;
  const jobs = dumpJobs(datastore);
  return {
    name: "dump",
    image: images(registry).postgres(version),
    program: program("postgres/dump.sh"),
    user: users.postgres,
    memory: "256Mi",
    environment: [
      { name: "ARTEFACT", value: artefact(datastore) },
      ...(jobs > 1 ? [{ name: "JOBS", value: String(jobs) }] : []),
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

/** It gets no password: it asks no server. */
function verifyStep({ images: { registry } }: Environment, datastore: Postgres): Step {
  return {
    name: "verify",
    image: images(registry).postgres(datastore.version),
    program: program("postgres/verify.sh"),
    user: users.postgres,
    memory: "256Mi",
    environment: [
      { name: "ARTEFACT", value: artefact(datastore) },
      { name: "PGDATABASE", value: datastore.database },
    ],
  };
}
