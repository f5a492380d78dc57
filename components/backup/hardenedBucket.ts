import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface HardenedBucketFacts {
  bucket: string;
  /** Its region. @default the provider's */
  region?: string;
  objectLockEnabled?: boolean;
  /** ARN of the KMS key that encrypts; undefined if the server's own does. */
  keyArn: pulumi.Input<string> | undefined;
  policy: pulumi.Input<string>;
  /** What must exist before the policy. */
  policyNeeds?: pulumi.Resource[];
}

/** A bucket that is versioned, encrypted, private and without ACLs: the base of every bucket. */
export function hardenedBucket(
  name: string,
  { bucket: bucketName, region, objectLockEnabled, keyArn, policy, policyNeeds = [] }: HardenedBucketFacts,
  options: pulumi.CustomResourceOptions,
): { bucket: aws.s3.Bucket; versioning: aws.s3.BucketVersioning; settings: pulumi.Resource[] } {
  const place = region === undefined ? {} : { region };
  const bucket = new aws.s3.Bucket(
    `${name}-bucket`,
    { ...place, bucket: bucketName, ...(objectLockEnabled && { objectLockEnabled }) },
    options,
  );
  const settings = { ...place, bucket: bucket.bucket };
  const parent = { ...options, parent: bucket };
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { ...settings, versioningConfiguration: { status: "Enabled" } },
    parent,
  );
  const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      ...settings,
      rules: [
        keyArn
          ? {
              applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
              bucketKeyEnabled: true,
            }
          : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ],
    },
    parent,
  );
  const ownership = new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { ...settings, rule: { objectOwnership: "BucketOwnerEnforced" } },
    parent,
  );
  const privacy = new aws.s3.BucketPublicAccessBlock(
    `${name}-privacy`,
    {
      ...settings,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    parent,
  );
  // S3 refuses concurrent changes to a bucket's access.
  const access = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { ...settings, policy },
    { ...parent, dependsOn: [privacy, ...policyNeeds] },
  );
  return { bucket, versioning, settings: [versioning, encryption, ownership, privacy, access] };
}
