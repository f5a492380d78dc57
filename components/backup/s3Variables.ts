import type { types } from "@pulumi/kubernetes";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { fromSecret } from "../jobs/fromSecret.ts";
import { S3_AUTHORITY } from "../jobs/pod.ts";

/** What decides how S3 is reached. */
type S3Environment = EnvironmentPart<"aws.region"> & EnvironmentPart<"backups.identity" | "backups.endpoint">;

/**
 * How a program reaches S3, and proves who it is; where a role does that, its ServiceAccount brings the rest.
 *
 * @param who whose keys, where Secrets hold them: who writes backups, or who restores them
 */
export function s3Access(
  { aws, backups: { identity, endpoint } }: S3Environment,
  who: "secret" | "restorer" = "secret",
): types.input.core.v1.EnvVar[] {
  return [
    { name: "AWS_REGION", value: aws.region },
    ...(endpoint ? [{ name: "AWS_ENDPOINT_URL_S3", value: endpoint }] : []),
    ...("secret" in identity
      ? [
          fromSecret("AWS_ACCESS_KEY_ID", identity[who], "access-key-id"),
          fromSecret("AWS_SECRET_ACCESS_KEY", identity[who], "secret-access-key"),
        ]
      : []),
  ];
}

/** The same for a program in Node, which is told apart whose certificates to trust. @param who as in s3Access */
export function s3Variables(
  environment: S3Environment & EnvironmentPart<"backups.certificateAuthority">,
  who: "secret" | "restorer" = "secret",
): types.input.core.v1.EnvVar[] {
  const { certificateAuthority } = environment.backups;
  return [
    ...s3Access(environment, who),
    ...(certificateAuthority ? [{ name: "NODE_EXTRA_CA_CERTS", value: S3_AUTHORITY }] : []),
  ];
}
