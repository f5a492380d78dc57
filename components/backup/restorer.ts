import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { restorerPolicy } from "../../domain/bucket/roles.ts";
import { namespaceOf } from "../../domain/declaration/datastoreOf.ts";
import { images, users } from "../../domain/kubernetes/images.ts";
import type { Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import { backupRole, roleAnnotations } from "./backupRole.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { s3Access } from "./s3Variables.ts";

/**
 * Annotations of a restore job's ServiceAccount: the IAM role that lets it read the backups. Empty where a Secret holds
 * access keys instead.
 */
export function restorerAnnotations(
  name: string,
  job: string,
  args: BackupArgs,
  parent: pulumi.Resource,
): { serviceAccountAnnotations?: Record<string, pulumi.Input<string>> } {
  const { environment, backup, bucket } = args;
  const role = backupRole(
    `${name}-restorer`,
    {
      environment,
      bucket,
      service: args.service.name,
      namespace: namespaceOf(args.service, args.datastore),
      job,
      may: "read-backups",
      policy: (key) => restorerPolicy(bucket.bucketName, backup.prefix, key),
    },
    parent,
  );
  return roleAnnotations(environment, role);
}

/** A step of the AWS CLI's image that runs a program of programs/backup/ as the restorer. */
export function restorerStep(
  name: string,
  { environment, service, datastore, backup, bucket }: BackupArgs,
  variables: types.input.core.v1.EnvVar[] = [],
): Step {
  const { certificateAuthority } = environment.backups;
  return {
    name,
    image: images(environment.images.registry).awsCli,
    program: program(`backup/${name}.sh`),
    user: users.awsCli,
    memory: "512Mi",
    environment: [
      { name: "SERVICE", value: service.name },
      { name: "DATASTORE", value: datastore.name },
      { name: "BUCKET", value: bucket.bucketName },
      { name: "PREFIX", value: backup.prefix },
      { name: "KIND", value: datastore.kind },
      ...variables,
      ...s3Access(environment, "restorer"),
    ],
    ...(certificateAuthority && { certificateAuthority }),
  };
}
