import * as aws from "@pulumi/aws";
import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { trustPolicy, writerPolicy } from "../../domain/bucket.ts";
import type { Datastore } from "../../domain/datastore.ts";
import { egressToNetworks } from "../../domain/egress.ts";
import type { Environment } from "../../domain/environment.ts";
import { images, users } from "../../domain/images.ts";
import { recoveryPointAnnotations } from "../../domain/recoveryPoint.ts";
import type { Backup, Service } from "../../domain/service.ts";
import type { Size } from "../../domain/size.ts";
import { keptTiers } from "../../domain/tiers.ts";
import { fromSecret } from "../jobs/fromSecret.ts";
import { MaintenanceJob } from "../jobs/maintenanceJob.ts";
import type { JobVolume, Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import type { BackupBucket } from "./backupBucket.ts";

/** What every kind of backup is made from. */
export interface BackupArgs<Kind extends Datastore = Datastore> {
  environment: Environment;
  service: Service;
  datastore: Kind;
  backup: Backup;
  bucket: BackupBucket;
}

/** What differs from kind to kind. */
export interface Dump {
  /** Writes the artefact, reads it back whole, and leaves /scratch/about.json: see docs/backup-manifest.md. */
  step: Step;
  /** Path of the artefact; its extension is the published object's. */
  artefact: string;
  /** Space that the artefact needs at the most. */
  scratch: Size;
  /** What the dump talks to, beside DNS. */
  egress: types.input.networking.v1.NetworkPolicyEgressRule[];
  /** The volume that the dump reads. */
  volume?: JobVolume;
  /** What the dump may ask of the Kubernetes API. */
  permissions?: types.input.rbac.v1.PolicyRule[];
}

/** The job that makes a dump and publishes it in S3 with a manifest put last, and the IAM role that lets it write there. */
export function publishedBackup(name: string, args: BackupArgs, dump: Dump, parent: pulumi.Resource): MaintenanceJob {
  const { environment, service, datastore, backup } = args;
  const role = writerRole(name, args, parent);
  return new MaintenanceJob(
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
      steps: [dump.step, publishStep(args, dump)],
      scratch: dump.scratch,
      ...(backup.scratchClass && { scratchClass: backup.scratchClass }),
      ...(dump.volume && { volume: dump.volume }),
      egress: [...dump.egress, ...egressToNetworks(environment.backups.egress)],
      ...(dump.permissions && { permissions: dump.permissions }),
      ...(role && { serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": role.arn } }),
      staleSeverity: "critical",
    },
    { parent },
  );
}

/** The IAM role that the job's ServiceAccount stands for; undefined where a Secret holds access keys instead. */
function writerRole(
  name: string,
  { environment, service, datastore, backup, bucket }: BackupArgs,
  parent: pulumi.Resource,
): aws.iam.Role | undefined {
  const { identity } = environment.backups;
  if (!("oidcProvider" in identity)) return undefined;
  const namespace = datastore.namespace ?? service.namespace;
  const role = new aws.iam.Role(
    `${name}-writer`,
    {
      name: `${backup.job}-${environment.name}`,
      assumeRolePolicy: trustPolicy(environment.aws.account, identity.oidcProvider, namespace, backup.job),
    },
    { parent },
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

function publishStep({ environment, service, datastore, backup, bucket }: BackupArgs, { step, artefact }: Dump): Step {
  const { identity, endpoint, certificateAuthority } = environment.backups;
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
      { name: "TIER", value: keptTiers(backup.keep).at(-1)?.tier as string },
      { name: "IMAGE", value: step.image },
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
