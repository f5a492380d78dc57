import type { Declaration, Program } from "../stack.ts";
import type { Servers } from "./servers.ts";

/** A bucket as backups need it, every setting declared, with its key and a role that may read it. */
export function backupBucket(servers: Servers, bucket: string): Program {
  const named = { bucket: { $output: ["bucket", "bucket"] } };
  return {
    package: "aws",
    provider: { ...servers.provider, defaultTags: { tags: { "made-by": "upkeep" } } },
    resources: [
      declaration("s3/bucket:Bucket", "bucket", { bucket, objectLockEnabled: true, tags: { service: "mplp" } }),
      declaration("s3/bucketVersioning:BucketVersioning", "versioning", {
        ...named,
        versioningConfiguration: { status: "Enabled" },
      }),
      declaration("s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "lock", {
        ...named,
        rule: { defaultRetention: { mode: "GOVERNANCE", days: 7 } },
      }),
      declaration("s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption", {
        ...named,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      }),
      declaration("s3/bucketOwnershipControls:BucketOwnershipControls", "ownership", {
        ...named,
        rule: { objectOwnership: "BucketOwnerPreferred" },
      }),
      declaration("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "public-access", {
        ...named,
        // The provider's own, said once more: it chooses the server, and is in no request.
        region: "eu-central-1",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      }),
      declaration("s3/bucketPolicy:BucketPolicy", "policy", { ...named, policy: JSON.stringify(bucketPolicy(bucket)) }),
      declaration("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "lifecycle", { ...named, rules }),
      declaration("kms/key:Key", "key", { description: "backups", enableKeyRotation: true, deletionWindowInDays: 9 }),
      declaration("kms/alias:Alias", "alias", { name: `alias/${bucket}`, targetKeyId: { $output: ["key", "id"] } }),
      declaration("iam/role:Role", "role", { name: bucket, assumeRolePolicy: JSON.stringify(trust) }),
      declaration("iam/rolePolicy:RolePolicy", "role-policy", {
        name: "read",
        role: { $output: ["role", "name"] },
        policy: JSON.stringify(readPolicy(bucket)),
      }),
    ],
  };
}

/** With other properties of some resources, by name. `undefined` takes one away. */
export function changed(program: Program, changes: Record<string, object>): Program {
  const resources = program.resources.map((resource) => ({
    ...resource,
    properties: { ...resource.properties, ...changes[resource.name] },
  }));
  return { ...program, resources };
}

export function declaration(type: string, name: string, properties: object): Declaration {
  return { type: `aws:${type}`, name, properties };
}

export const rules = [
  {
    id: "database",
    status: "Enabled",
    filter: { prefix: "database/" },
    transitions: [{ days: 30, storageClass: "STANDARD_IA" }],
    expiration: { days: 90 },
    noncurrentVersionExpiration: { noncurrentDays: 7, newerNoncurrentVersions: 2 },
    noncurrentVersionTransitions: [{ noncurrentDays: 3, storageClass: "GLACIER" }],
  },
  {
    id: "drills",
    status: "Disabled",
    filter: { and: { prefix: "drills/", tags: { kind: "drill" }, objectSizeGreaterThan: 1024 } },
    expiration: { days: 3 },
  },
  {
    id: "archive",
    status: "Enabled",
    filter: { prefix: "archive/" },
    transitions: [{ days: 0, storageClass: "GLACIER_IR" }],
  },
  { id: "uploads", status: "Enabled", abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
];

export const bucketPolicy = (bucket: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "OnlyTheServiceDeletes",
      Effect: "Deny",
      Principal: { AWS: ["arn:aws:iam::123456789012:role/stranger"] },
      Action: ["s3:DeleteObjectVersion", "s3:DeleteObject"],
      Resource: [`arn:aws:s3:::${bucket}/*`],
    },
  ],
});

export const trust = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "pods.eks.amazonaws.com" }, Action: ["sts:TagSession", "sts:AssumeRole"] },
  ],
};

export const readPolicy = (bucket: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: [`arn:aws:s3:::${bucket}/*`] }],
});
