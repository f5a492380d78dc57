import { bucketPolicy } from "../../domain/bucket/bucketPolicy.ts";
import type { StackResource } from "./judge.ts";

export const BUCKET = "aws:s3/bucket:Bucket";

/** Type token of a bucket's setting, such as `BucketVersioning`. */
export const settingType = (kind: string) => `aws:s3/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;

/** A fresh bucket for backups with every setting, that every policy accepts. Each setting is named as its kind. */
export function compliantBucket(name = "shop-backups"): StackResource[] {
  const settings: Record<string, object> = {
    BucketVersioning: { versioningConfiguration: { status: "Enabled" } },
    BucketPublicAccessBlock: {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    BucketServerSideEncryptionConfiguration: {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
    },
    BucketOwnershipControls: { rule: { objectOwnership: "BucketOwnerEnforced" } },
    BucketPolicy: {
      policy: bucketPolicy({ bucket: name, key: undefined, conditionalPuts: true, deployRole: undefined }),
    },
    BucketObjectLockConfiguration: { rule: { defaultRetention: { mode: "GOVERNANCE", days: 30 } } },
    BucketLifecycleConfiguration: {
      rules: [
        { status: "Enabled", filter: { prefix: "database/manifests/" }, expiration: { days: 30 } },
        { status: "Enabled", filter: { prefix: "database/data/" }, expiration: { days: 32 } },
      ],
    },
  };
  return [
    { type: BUCKET, name: "bucket", props: { bucket: name, objectLockEnabled: true } },
    ...Object.entries(settings).map(([kind, props]) => ({
      type: settingType(kind),
      name: kind,
      props: { bucket: name, ...props },
      from: { bucket: ["bucket"] },
    })),
  ];
}
