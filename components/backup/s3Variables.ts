import type { types } from "@pulumi/kubernetes";
import { identityOf, type S3User } from "../../domain/bucket/identities.ts";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { fromSecret } from "../jobs/fromSecret.ts";
import { S3_AUTHORITY } from "../jobs/pod.ts";

/** The settings of access to S3. */
type S3Environment = EnvironmentPart<"aws.region"> & EnvironmentPart<"backups.identity" | "backups.endpoint">;

/**
 * Environment variables for access to S3: endpoint, region and credentials; an IAM role comes with the ServiceAccount instead.
 *
 * @param who the user whose access keys are used, if Secrets hold them
 */
export function s3Access(environment: S3Environment, who: S3User = "writer"): types.input.core.v1.EnvVar[] {
  const { endpoint } = environment.backups;
  const keys = identityOf(environment).accessKeys?.[who];
  return [
    { name: "AWS_REGION", value: environment.aws.region },
    ...(endpoint ? [{ name: "AWS_ENDPOINT_URL_S3", value: endpoint }] : []),
    ...(keys
      ? [
          fromSecret("AWS_ACCESS_KEY_ID", keys, "access-key-id"),
          fromSecret("AWS_SECRET_ACCESS_KEY", keys, "secret-access-key"),
        ]
      : []),
  ];
}

/** As above for Node programs, which also need the CA file. @param who as in s3Access */
export function s3Variables(
  environment: S3Environment & EnvironmentPart<"backups.certificateAuthority">,
  who: S3User = "writer",
): types.input.core.v1.EnvVar[] {
  const { certificateAuthority } = environment.backups;
  return [
    ...s3Access(environment, who),
    ...(certificateAuthority ? [{ name: "NODE_EXTRA_CA_CERTS", value: S3_AUTHORITY }] : []),
  ];
}
