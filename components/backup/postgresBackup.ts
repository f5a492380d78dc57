import * as aws from "@pulumi/aws";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { trustPolicy, writerPolicy } from "../../domain/bucket.ts";
import type { Postgres, SecretReference } from "../../domain/datastore.ts";
import type { Environment } from "../../domain/environment.ts";
import { images, users } from "../../domain/images.ts";
import { recoveryPointAnnotations } from "../../domain/recoveryPoint.ts";
import type { Backup, Service } from "../../domain/service.ts";
import { MaintenanceJob } from "../jobs/maintenanceJob.ts";
import type { Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import type { BackupBucket } from "./backupBucket.ts";

export interface PostgresBackupArgs {
  environment: Environment;
  service: Service;
  datastore: Postgres;
  backup: Backup;
  bucket: BackupBucket;
}

/**
 * Dumps a PostgreSQL database on schedule, reads the dump back, and publishes it in S3 with a manifest put last. Each step is
 * a container of the vendor's own image; the next starts only after the one before succeeded.
 */
export class PostgresBackup extends pulumi.ComponentResource {
  constructor(name: string, args: PostgresBackupArgs, options?: pulumi.ComponentResourceOptions) {
    super("upkeep:backup:PostgresBackup", name, { ...args, bucket: args.bucket.bucketName }, options);
    const { environment, service, datastore, backup, bucket } = args;
    const role = this.writerRole(name, args);
    new MaintenanceJob(
      name,
      {
        environment,
        service: service.name,
        namespace: datastore.namespace ?? service.namespace,
        job: backup.job,
        datastore: datastore.name,
        annotations: recoveryPointAnnotations(service, backup),
        schedule: backup.schedule.value,
        startingDeadline: backup.startingDeadline,
        deadline: backup.deadline,
        steps: [dumpStep(environment, datastore), publishStep(args)],
        // The dump of a database is never larger than the database.
        scratch: datastore.size.value,
        egress: [
          { to: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: datastore.port }] },
          ...environment.backups.egress.map(({ cidr, port }) => ({
            to: [{ ipBlock: { cidr } }],
            ports: [{ protocol: "TCP", port }],
          })),
        ],
        ...(role && { serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": role.arn } }),
        staleSeverity: "critical",
      },
      { parent: this },
    );
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix });
  }

  /** The IAM role that the job's ServiceAccount stands for; undefined where a Secret holds access keys instead. */
  private writerRole(
    name: string,
    { environment, service, datastore, backup, bucket }: PostgresBackupArgs,
  ): aws.iam.Role | undefined {
    const { identity } = environment.backups;
    if (!("oidcProvider" in identity)) return undefined;
    const role = new aws.iam.Role(
      `${name}-writer`,
      {
        name: `${backup.job}-${environment.name}`,
        assumeRolePolicy: trustPolicy(
          environment.aws.account,
          identity.oidcProvider,
          datastore.namespace ?? service.namespace,
          backup.job,
        ),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-writer-policy`,
      {
        name: "write-backups",
        role: role.name,
        policy: pulumi.output(bucket.keyArn).apply((key) => writerPolicy(bucket.bucketName, backup.prefix, key)),
      },
      { parent: role },
    );
    return role;
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

function publishStep({ environment, service, datastore, backup, bucket }: PostgresBackupArgs): Step {
  const { identity, endpoint, certificateAuthority } = environment.backups;
  const { registry } = environment.images;
  return {
    name: "publish",
    image: images(registry).awsCli,
    program: program("postgres/publish.sh"),
    user: users.awsCli,
    memory: "512Mi",
    environment: [
      { name: "SERVICE", value: service.name },
      { name: "DATASTORE", value: datastore.name },
      { name: "BUCKET", value: bucket.bucketName },
      { name: "PREFIX", value: backup.prefix },
      { name: "IMAGE", value: images(registry).postgres(datastore.version) },
      // The API fills in the version of a fieldRef; left out, taking the object over conflicts with what was filled in.
      { name: "RUN", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.uid" } } },
      { name: "AWS_REGION", value: environment.aws.region },
      ...(endpoint ? [{ name: "AWS_ENDPOINT_URL_S3", value: endpoint }] : []),
      ...("secret" in identity
        ? [
            fromSecret("AWS_ACCESS_KEY_ID", identity.secret, "access-key-id"),
            fromSecret("AWS_SECRET_ACCESS_KEY", identity.secret, "secret-access-key"),
          ]
        : []),
    ],
    ...(certificateAuthority && { certificateAuthority }),
  };
}

function fromSecret(name: string, secret: SecretReference["name"], key: string): types.input.core.v1.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
