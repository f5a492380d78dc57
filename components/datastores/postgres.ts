import * as pulumi from "@pulumi/pulumi";
import { dumpJobs, postgres } from "../../domain/backup/datastores/postgres.ts";
import { maxLagSeconds } from "../../domain/backup/lag.ts";
import type { Postgres } from "../../domain/declaration/datastore.ts";
import { keptRecoveryPoint } from "../../domain/declaration/datastoreOf.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { egressToServer } from "../../domain/kubernetes/egress.ts";
import { images, serverImage, users } from "../../domain/kubernetes/images.ts";
import { seconds } from "../../domain/values/duration.ts";
import { type Inputs, knownBackup } from "../backup/knownBackup.ts";
import { type BackupArgs, publishedBackup } from "../backup/publishedBackup.ts";
import type { ServerRestore } from "../backup/serverRestore.ts";
import { inputs } from "../inputs.ts";
import { fromSecret } from "../jobs/fromSecret.ts";
import type { Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";

export type PostgresBackupArgs = BackupArgs<Postgres>;

/**
 * Dumps a PostgreSQL database on schedule, reads the dump back, and publishes it in S3 with a manifest put last. Each step is
 * a container of the vendor's own image; the next starts only after the one before succeeded.
 */
export class PostgresBackup extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJob: pulumi.Output<string>;

  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<PostgresBackupArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<PostgresBackupArgs>(given, own);
    super("upkeep:backup:PostgresBackup", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, datastore, backup, bucket } = args;
    const job = publishedBackup(
      name,
      args,
      {
        step: dumpStep(environment, datastore),
        verify: verifyStep(environment, datastore),
        artefact: artefact(datastore),
        scratch: postgres.scratch(datastore).backup,
        egress: [egressToServer(datastore)],
      },
      this,
    );
    this.cronJob = job.cronJob;
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix, cronJob: this.cronJob });
  }
}

function serverOf({ images: { registry } }: EnvironmentPart<"images">, datastore: Postgres) {
  const vendors = { image: images(registry).postgres(datastore.version), user: users.postgres };
  return serverImage(datastore, vendors, registry);
}

/** One file: a dump in the custom format or, where several workers wrote it, a tar of their files. */
function artefact(datastore: Postgres): string {
  return dumpJobs(datastore) > 1 ? "/scratch/backup.tar" : "/scratch/backup.dump";
}

function dumpStep(environment: EnvironmentPart<"images">, datastore: Postgres): Step {
  const { host, port, database, credentials } = datastore;
  const jobs = dumpJobs(datastore);
  return {
    name: "dump",
    ...serverOf(environment, datastore),
    program: program("postgres/connection.sh") + program("postgres/dump.sh"),
    memory: "256Mi",
    environment: [
      { name: "ARTEFACT", value: artefact(datastore) },
      ...(jobs > 1 ? [{ name: "JOBS", value: String(jobs) }] : []),
      { name: "MAX_LAG", value: String(maxLagSeconds(datastore)) },
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

/** It gets no password: it connects to no server. */
function verifyStep(environment: EnvironmentPart<"images">, datastore: Postgres): Step {
  return {
    name: "verify",
    ...serverOf(environment, datastore),
    program: program("postgres/properties.sh") + program("postgres/verify.sh"),
    memory: "256Mi",
    environment: [
      { name: "ARTEFACT", value: artefact(datastore) },
      { name: "PGDATABASE", value: datastore.database },
    ],
  };
}

/** How a dump is restored: into a drill's own server, or into the declared one. */
export function postgresRestore({ environment, service, datastore, backup }: PostgresBackupArgs): ServerRestore {
  const { host, port, administrator, credentials } = datastore;
  const user = administrator ?? credentials;
  const step = (name: string, text: string, variables: Step["environment"]): Step => ({
    name,
    ...serverOf(environment, datastore),
    program: text,
    memory: "1Gi",
    environment: variables,
  });
  const server: Step["environment"] = [
    { name: "PGHOST", value: host },
    { name: "PGPORT", value: String(port) },
    user.username ? { name: "PGUSER", value: user.username } : fromSecret("PGUSER", user.name, user.usernameKey),
    fromSecret("PGPASSWORD", user.name, user.passwordKey),
  ];
  const connection = program("postgres/connection.sh");
  const archive = program("postgres/properties.sh") + program("postgres/archive.sh");
  const { drill: drillScratch, restore: restoreScratch } = postgres.scratch(datastore);
  return {
    drill: ({ freshness, assertions }) =>
      step("drill", archive + program("postgres/drill.sh"), [
        {
          name: "RECOVERY_POINT",
          value: String(seconds(keptRecoveryPoint({ ...service, datastores: [datastore] }, backup).value)),
        },
        ...(freshness ? [{ name: "FRESHNESS", value: freshness }] : []),
        ...(assertions ? [{ name: "ASSERTIONS", value: JSON.stringify(assertions) }] : []),
      ]),
    drillScratch,
    before: step("before-restore", connection + program("postgres/before-restore.sh"), server),
    restore: step("restore", connection + archive + program("postgres/restore.sh"), server),
    restoreScratch,
    host,
    port,
    ...(datastore.network && { network: datastore.network }),
    replicates: false,
    parameters: { TARGET: datastore.database, CONFIRM: datastore.database },
  };
}
