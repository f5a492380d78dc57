import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { identityOf } from "../../domain/bucket/identities.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { roleName } from "./roleName.ts";

/** The settings that a role depends on. */
export type RoleEnvironment = EnvironmentPart<"name"> &
  EnvironmentPart<"aws.account" | "aws.region"> &
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
  const role = new aws.iam.Role(
    name,
    {
      name: roleName({ service, namespace, job }, environment),
      assumeRolePolicy: trust({ ...environment.aws, namespace, serviceAccount: job }),
    },
    { parent },
  );
  new aws.iam.RolePolicy(
    `${name}-policy`,
    { name: may, role: role.name, policy: pulumi.output(bucket?.keyArn).apply((key) => policy(key)) },
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

/** The annotations of a ServiceAccount that assumes a role, where the identity needs any. */
export function roleAnnotations(
  environment: EnvironmentPart<"backups.identity">,
  role: aws.iam.Role | undefined,
): { serviceAccountAnnotations?: Record<string, pulumi.Input<string>> } {
  const annotations = role && identityOf(environment).annotations(role.arn);
  return annotations ? { serviceAccountAnnotations: annotations } : {};
}
