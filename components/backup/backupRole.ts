import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { podIdentityTrustPolicy, trustPolicy } from "../../domain/bucket/roles.ts";
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
 * The IAM role that a job's ServiceAccount assumes: by IRSA or by EKS Pod Identity, whichever the environment has. Undefined if a
 * Secret holds access keys instead.
 *
 * @param name of the resource; its policy is `${name}-policy`
 */
export function backupRole(
  name: string,
  { environment, bucket, service, namespace, job, may, policy }: BackupRoleFacts,
  parent: pulumi.Resource,
): aws.iam.Role | undefined {
  const { identity } = environment.backups;
  if ("secret" in identity) return undefined;
  const { account, region } = environment.aws;
  const role = new aws.iam.Role(
    name,
    {
      name: roleName({ service, namespace, job }, environment),
      assumeRolePolicy:
        "oidcProvider" in identity
          ? trustPolicy(account, identity.oidcProvider, namespace, job)
          : podIdentityTrustPolicy({ account, region, ...identity.podIdentity }, namespace, job),
    },
    { parent },
  );
  new aws.iam.RolePolicy(
    `${name}-policy`,
    { name: may, role: role.name, policy: pulumi.output(bucket?.keyArn).apply((key) => policy(key)) },
    { parent: role },
  );
  if ("podIdentity" in identity) {
    new aws.eks.PodIdentityAssociation(
      `${name}-association`,
      { clusterName: identity.podIdentity.cluster, namespace, serviceAccount: job, roleArn: role.arn },
      { parent: role },
    );
  }
  return role;
}

/** The ServiceAccount's annotation for IRSA; Pod Identity needs none. */
export function roleAnnotations(
  { backups: { identity } }: EnvironmentPart<"backups.identity">,
  role: aws.iam.Role | undefined,
): { serviceAccountAnnotations?: Record<string, pulumi.Input<string>> } {
  if (role === undefined || !("oidcProvider" in identity)) return {};
  return { serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": role.arn } };
}
