import type { Place } from "./bucket.ts";
import { type PolicyStatement, policyDocument } from "./policyDocument.ts";

export interface BucketPolicyFacts {
  bucket: string;
  /** ARN of the bucket's KMS key; undefined where the server's own key encrypts. */
  key: string | undefined;
  /** Whether the server supports the condition that a put creates a new object. */
  conditionalPuts: boolean;
  /** ARN of the only role that may change the bucket's settings; undefined if any role that IAM allows may. */
  deployRole: string | undefined;
}

/**
 * The policy of a bucket with backups: TLS only, deletion only by the lifecycle, no other key, only golden copies may be
 * overwritten, and only the deploying role changes settings.
 */
export function bucketPolicy({ bucket, key, conditionalPuts, deployRole }: BucketPolicyFacts): string {
  return policyDocument([
    tlsOnly(bucket),
    noVersionDeletes(bucket),
    ...(key === undefined ? [] : [rightKeyOnly(bucket, key)]),
    ...(conditionalPuts ? [noOverwrites(bucket)] : []),
    ...(deployRole === undefined ? [] : [settingsByDeployRole(bucket, deployRole)]),
  ]);
}

export interface ReplicaPolicyFacts extends Pick<BucketPolicyFacts, "bucket" | "deployRole"> {
  /** ARN of the replication role, if it is in another account: IAM alone admits roles of the bucket's own account. */
  sender: string | undefined;
}

/** The policy of the bucket with the second copy: only replication writes to it, and only its lifecycle deletes. */
export function replicaPolicy({ bucket, deployRole, sender }: ReplicaPolicyFacts): string {
  return policyDocument([
    tlsOnly(bucket),
    noVersionDeletes(bucket),
    deny("NoPuts", "s3:PutObject", objectsOf(bucket)),
    ...(deployRole === undefined ? [] : [settingsByDeployRole(bucket, deployRole)]),
    ...(sender === undefined ? [] : [received(bucket, sender)]),
  ]);
}

/** The policy of a log bucket: TLS only, written only by S3's log delivery, for one bucket of one account. */
export function logBucketPolicy(bucket: string, source: string, account: string): string {
  return policyDocument([
    tlsOnly(bucket),
    {
      Sid: "LogsOfOneBucket",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: objectsOf(bucket),
      Condition: {
        ArnLike: { "aws:SourceArn": bucketArn(source) },
        StringEquals: { "aws:SourceAccount": account },
      },
    },
  ]);
}

/**
 * The policy of the key of a second copy in another account: the account's IAM controls it, and the replication role may encrypt
 * with it through S3. Source: docs.aws.amazon.com, "Granting additional permissions for cross-account scenarios".
 */
export function replicaKeyPolicy({ account, region }: Place, sender: string): string {
  return policyDocument([
    {
      Sid: "OwnAccount",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
    {
      Sid: "ReplicasOfOneRole",
      Effect: "Allow",
      Principal: { AWS: sender },
      Action: ["kms:Encrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
    },
  ]);
}

export function bucketArn(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

function objectsOf(bucket: string): string {
  return `${bucketArn(bucket)}/*`;
}

function deny(
  sid: string,
  action: string | string[],
  resource: string | string[],
  condition?: PolicyStatement["Condition"],
): PolicyStatement {
  return {
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  };
}

function tlsOnly(bucket: string): PolicyStatement {
  return deny("TlsOnly", "s3:*", [bucketArn(bucket), objectsOf(bucket)], { Bool: { "aws:SecureTransport": "false" } });
}

function noVersionDeletes(bucket: string): PolicyStatement {
  return deny("NoVersionDeletes", ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"], objectsOf(bucket));
}

function rightKeyOnly(bucket: string, key: string): PolicyStatement {
  const named = "s3:x-amz-server-side-encryption-aws-kms-key-id";
  return deny("RightKeyOnly", "s3:PutObject", objectsOf(bucket), {
    StringNotEquals: { [named]: key },
    // A put without a key uses the bucket's default, which is the right one. StringNotEqualsIfExists would deny it: a missing
    // value is not equal either.
    Null: { [named]: "false" },
  });
}

/**
 * Each golden copy replaces the one before, which remains as a version. The dump that a restore makes of its target may be too large
 * for one put, and `aws s3 cp`, which splits it, sends no condition.
 */
function noOverwrites(bucket: string): PolicyStatement {
  const { Resource: _, ...statement } = deny("NoOverwrites", "s3:PutObject", [], {
    Null: { "s3:if-none-match": "true" },
    // Parts of a multipart upload carry no condition; completing it does.
    Bool: { "s3:ObjectCreationOperation": "true" },
  });
  const free = ["golden", "before-restore"].map((folder) => `${bucketArn(bucket)}/*/${folder}/*`);
  return { ...statement, NotResource: free };
}

/** Denies deletion of backups and of the bucket. */
const settings = [
  "s3:DeleteBucket",
  "s3:DeleteBucketPolicy",
  "s3:PutBucketLogging",
  "s3:PutBucketObjectLockConfiguration",
  "s3:PutBucketOwnershipControls",
  "s3:PutBucketPolicy",
  "s3:PutBucketPublicAccessBlock",
  "s3:PutBucketVersioning",
  "s3:PutEncryptionConfiguration",
  "s3:PutLifecycleConfiguration",
  "s3:PutReplicationConfiguration",
];

function settingsByDeployRole(bucket: string, role: string): PolicyStatement {
  return deny("SettingsByDeployRole", settings, bucketArn(bucket), { ArnNotEquals: { "aws:PrincipalArn": role } });
}

/** Source: docs.aws.amazon.com, "Configuring replication for buckets in different accounts". */
function received(bucket: string, sender: string): PolicyStatement {
  return {
    Sid: "ReplicasOfOneRole",
    Effect: "Allow",
    Principal: { AWS: sender },
    Action: ["s3:ObjectOwnerOverrideToBucketOwner", "s3:ReplicateObject", "s3:ReplicateTags"],
    Resource: objectsOf(bucket),
  };
}
