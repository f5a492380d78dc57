import { manifestsPrefix } from "./tiers.ts";

/**
 * What the health monitor may do in S3: list the manifests of the service's backups, whose names tell when they began. It reads nothing.
 *
 * @param prefixes of the backups
 */
export function monitorPolicy(bucket: string, prefixes: readonly string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: `arn:aws:s3:::${bucket}`,
        Condition: { StringLike: { "s3:prefix": prefixes.map((prefix) => `${manifestsPrefix({ prefix })}*`) } },
      },
    ],
  });
}
