import type { Place } from "./bucket.ts";
import { type PolicyStatement, policyDocument } from "./policyDocument.ts";

export interface BucketPolicyFacts {
  bucket: string;
  /** ARN of the bucket's KMS key; undefined where the server's own key encrypts. */
  key: string | undefined;
  /** Whether the server knows the condition that a put must be one of a new object. */
  conditionalPuts: boolean;
  /** ARN of the only role that may change the bucket's settings; undefined where any that IAM allows may. */
  deployRole: string | undefined;
}

/**
 * The policy of a bucket with backups: TLS only, nothing deleted but by the lifecycle, no other key, nothing overwritten but
 * golden copies, and no setting changed by anyone but who deploys.
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
  /** ARN of the role that copies, where it is another account's: IAM alone lets in those of the bucket's own. */
  sender: string | undefined;
}

/** The policy of the bucket with the second copy: only replication puts anything there, and nothing is deleted but by its lifecycle. */
export function replicaPolicy({ bucket, deployRole, sender }: ReplicaPolicyFacts): string {
  return policyDocument([
    tlsOnly(bucket),
    noVersionDeletes(bucket),
    deny("NoPuts", "s3:PutObject", objectsOf(bucket)),
    ...(deployRole === undefined ? [] : [settingsByDeployRole(bucket, deployRole)]),
    ...(sender === undefined ? [] : [received(bucket, sender)]),
  ]);
}

/** The policy of a log bucket: TLS only, and put into by S3's log delivery alone, for one bucket of one account. */
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
 * The policy of the key of a second copy in another account: the account's own IAM rules it, and the role that copies may encrypt with
 * it through S3. Source: docs.aws.amazon.com, "Granting additional permissions for cross-account scenarios".
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
    // A put that names no key takes the bucket's default, which is the right one. StringNotEqualsIfExists would deny it: what is
    // not there is not equal either.
    Null: { [named]: "false" },
  });
}

/**
 * Each golden copy takes the place of the one before, which stays as a version. What a restore is about to replace may be too large for
 * one put, and `aws s3 cp`, which splits it, says no condition.
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

/** What keeps backups from being deleted, and the bucket itself. */
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
