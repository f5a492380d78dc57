import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { recoveryPointAnnotations } from "../../domain/backup/recoveryPoint.ts";
import { SHRINK } from "../../domain/backup/suspect.ts";
import { keptTiers } from "../../domain/backup/tiers.ts";
import { egressToS3 } from "../../domain/bucket/identities.ts";
import { writerPolicy } from "../../domain/bucket/roles.ts";
import type { Datastore } from "../../domain/declaration/datastore.ts";
import { namespaceOf } from "../../domain/declaration/datastoreOf.ts";
import type { Backup, Service } from "../../domain/declaration/service.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { images, users } from "../../domain/kubernetes/images.ts";
import { bytes, type Size, sizeOf } from "../../domain/values/size.ts";
import { type JobEnvironment, MaintenanceJob } from "../jobs/maintenanceJob.ts";
import type { JobVolume, Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import { backupRole, roleAnnotations } from "./backupRole.ts";
import { declaredPods } from "./declaredPods.ts";
import { s3Access } from "./s3Variables.ts";

/** Arguments of every kind of backup. */
export interface BackupArgs<Kind extends Datastore = Datastore> {
  environment: BackupEnvironment;
  service: BackedUpService;
  datastore: Kind;
  backup: Backup;
  bucket: BackupTarget;
}

/** The settings that a backup depends on. */
export type BackupEnvironment = JobEnvironment &
  EnvironmentPart<"images"> &
  EnvironmentPart<"kubernetes.apiEgress"> &
  EnvironmentPart<"aws.account" | "aws.region" | "aws.iam"> &
  EnvironmentPart<"backups.identity" | "backups.endpoint" | "backups.certificateAuthority" | "backups.egress"> &
  EnvironmentPart<"features.csiClones">;

/** The fields of a service that its backups depend on. */
export type BackedUpService = Pick<Service, "name" | "namespace" | "jobs"> & {
  objectives: Pick<Service["objectives"], "recoveryPoint" | "recoveryTime">;
};

/** Where backups are published: a BackupBucket, or a bucket of your own that is versioned. */
export interface BackupTarget {
  bucketName: string;
  /** ARN of the KMS key that encrypts it; undefined if the server's key does. */
  keyArn?: pulumi.Output<string> | undefined;
  /** Resources that must exist before the first upload. */
  settings?: pulumi.Resource[];
}

/** The part of a backup that is specific to a kind. */
export interface Dump {
  /** Writes the artefact. Without `verify` it also reads all of it back and writes /scratch/about.json: see docs/backup-manifest.md. */
  step: Step;
  /** Reads all of the artefact back and writes /scratch/about.json. */
  verify?: Step;
  /** Path of the artefact; its extension is the published object's. */
  artefact: string;
  /** The most space that the artefact needs. */
  scratch: Size;
  /** What the dump connects to, besides DNS. */
  egress: types.input.networking.v1.NetworkPolicyEgressRule[];
  /** The volume that the dump reads. */
  volume?: JobVolume;
  /** The dump's permissions in the Kubernetes API. */
  permissions?: types.input.rbac.v1.PolicyRule[];
}

/** The largest single upload to S3. Source: docs.aws.amazon.com, "Amazon S3 multipart upload limits". */
const PUT_LIMIT: Size = "5Gi";
/** Larger artefacts are uploaded in parts, at most 10 000: parts of this size make 4.8 TiB of the 5 that S3 allows. */
const PART: Size = "512Mi";

/** Exit codes of publish.sh that no retry can fix: 3 after it published a suspect run, 4 if the clock was moved back. */
const FINAL = [3, 4];

/** The job that makes a dump and publishes it in S3 with a manifest uploaded last, and the IAM role that lets it write there. */
export function publishedBackup(name: string, args: BackupArgs, dump: Dump, parent: pulumi.Resource): MaintenanceJob {
  const { environment, service, datastore, backup, bucket } = args;
  const namespace = namespaceOf(service, datastore);
  const role = backupRole(
    `${name}-writer`,
    {
      environment,
      bucket,
      service: service.name,
      namespace,
      job: backup.job,
      may: "write-backups",
      policy: (key) => writerPolicy(bucket.bucketName, backup.prefix, key),
    },
    parent,
  );
  return new MaintenanceJob(
    name,
    {
      environment,
      service: service.name,
      namespace,
      job: backup.job,
      datastore: datastore.name,
      annotations: recoveryPointAnnotations({ ...service, datastores: [datastore] }, backup),
      schedule: backup.schedule.value,
      startingDeadline: backup.startingDeadline,
      deadline: backup.deadline,
      steps: [dump.step, ...(dump.verify ? [dump.verify] : []), publishStep(args, dump)],
      // A part is copied out of the artefact before it is uploaded.
      scratch: bytes(dump.scratch) > bytes(PUT_LIMIT) ? sizeOf(bytes(dump.scratch) + bytes(PART)) : dump.scratch,
      ...(backup.scratchClass && { scratchClass: backup.scratchClass }),
      ...(dump.volume && { volume: dump.volume }),
      ...declaredPods(args),
      failOn: { step: "publish", exitCodes: FINAL },
      egress: [...dump.egress, ...egressToS3(environment)],
      ...(dump.permissions && { permissions: dump.permissions }),
      ...roleAnnotations(environment, role),
      staleSeverity: "critical",
      needs: bucket.settings ?? [],
    },
    { parent },
  );
}

function publishStep({ environment, service, datastore, backup, bucket }: BackupArgs, { step, artefact }: Dump): Step {
  const { certificateAuthority } = environment.backups;
  return {
    name: "publish",
    image: images(environment.images.registry).awsCli,
    program: program("backup/publish.sh"),
    user: users.awsCli,
    memory: "512Mi",
    environment: [
      { name: "ARTEFACT", value: artefact },
      { name: "SERVICE", value: service.name },
      { name: "DATASTORE", value: datastore.name },
      { name: "BUCKET", value: bucket.bucketName },
      { name: "PREFIX", value: backup.prefix },
      {
        name: "TIERS",
        value: keptTiers(backup.keep)
          .map(({ tier }) => tier)
          .join(" "),
      },
      { name: "SHRINK", value: backup.shrink ?? SHRINK },
      { name: "ACCEPTS", value: backup.accepts ?? "" },
      { name: "PUT_LIMIT", value: String(bytes(PUT_LIMIT)) },
      { name: "PART", value: String(bytes(PART)) },
      { name: "IMAGE", value: step.image },
      // The API fills in the version of a fieldRef; without it here, adopting the object would conflict with the filled-in value.
      { name: "RUN", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.uid" } } },
      ...s3Access(environment),
    ],
    ...(certificateAuthority && { certificateAuthority }),
  };
}
