import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { identityOf } from "../../domain/bucket/identities.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { inPartition } from "../../domain/values/partition.ts";
import { roleName } from "./roleName.ts";

/** The settings that a role depends on. */
export type RoleEnvironment = EnvironmentPart<"name"> &
  EnvironmentPart<"aws.account" | "aws.region" | "aws.iam"> &
  EnvironmentPart<"backups.identity">;

export interface BackupRoleFacts {
  environment: RoleEnvironment;
  /** The bucket, for policies that depend on the bucket's own key. */
  bucket?: { keyArn?: pulumi.Output<string> | undefined };
  /** Name of the service. */
  service: string;
  namespace: string;
  /** Name of the job, and of its ServiceAccount. */
  job: string;
  /** Name of its policy, which says what it allows: `write-backups`. */
  may: string;
  /** @param key ARN of the bucket's own key; undefined where the server's key encrypts */
  policy: (key: string | undefined) => string;
}

/**
 * The IAM role that a job's ServiceAccount assumes, by the environment's identity; undefined if Secrets hold access keys instead.
 *
 * @param name of the resource; its policy is `${name}-policy`
 */
export function backupRole(
  name: string,
  { environment, bucket, service, namespace, job, may, policy }: BackupRoleFacts,
  parent: pulumi.Resource,
): aws.iam.Role | undefined {
  const { trust, associatedIn } = identityOf(environment);
  if (!trust) return undefined;
  const { region } = environment.aws;
  const role = jobRole(
    name,
    environment,
    roleName({ service, namespace, job }, environment),
    trust({ ...environment.aws, namespace, serviceAccount: job }),
    parent,
  );
  new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      name: may,
      role: role.name,
      policy: pulumi.output(bucket?.keyArn).apply((key) => inPartition(policy(key), region)),
    },
    { parent: role },
  );
  if (associatedIn) {
    new aws.eks.PodIdentityAssociation(
      `${name}-association`,
      { clusterName: associatedIn, namespace, serviceAccount: job, roleArn: role.arn },
      { parent: role },
    );
  }
  return role;
}

/**
 * A role with the account's path and permissions boundary.
 *
 * @param trust who may assume it, as a policy of the commercial partition
 */
export function jobRole(
  name: string,
  { aws: { region, iam = {} } }: EnvironmentPart<"aws.region" | "aws.iam">,
  roleName: string,
  trust: string,
  parent: pulumi.Resource,
): aws.iam.Role {
  return new aws.iam.Role(
    name,
    {
      name: roleName,
      ...(iam.path && { path: iam.path }),
      ...(iam.permissionsBoundary && { permissionsBoundary: iam.permissionsBoundary }),
      assumeRolePolicy: inPartition(trust, region),
    },
    // Another path is another role of the same name, which IAM does not have beside the first.
    { parent, deleteBeforeReplace: true },
  );
}

/** The annotations of a ServiceAccount that assumes a role, where the identity needs any. */
export function roleAnnotations(
  environment: EnvironmentPart<"backups.identity">,
  role: aws.iam.Role | undefined,
): { serviceAccountAnnotations?: Record<string, pulumi.Input<string>> } {
  const annotations = role && identityOf(environment).annotations(role.arn);
  return annotations ? { serviceAccountAnnotations: annotations } : {};
}
