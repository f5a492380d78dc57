import { beforeRestorePrefix, dataPrefix, drillsPrefix, goldenPrefix, manifestsPrefix } from "../backup/layout.ts";
import { bucketArn } from "./bucketPolicy.ts";
import { type PolicyStatement, policyDocument } from "./policyDocument.ts";

/**
 * What a backup job may do: put new data and manifests, list its prefix, read manifests, and set legal holds. It cannot read or delete
 * data, release holds, or change golden copies or the records of drills.
 *
 * @param key ARN of the bucket's KMS key; undefined where the server's own key encrypts
 */
export function writerPolicy(bucket: string, prefix: string, key: string | undefined): string {
  const published = objects(bucket, [dataPrefix({ prefix }), manifestsPrefix({ prefix })]);
  return policyDocument([
    allow(["s3:PutObject", "s3:AbortMultipartUpload"], published),
    allow("s3:PutObjectLegalHold", published, { StringEquals: { "s3:object-lock-legal-hold": "ON" } }),
    allow(["s3:GetObject", "s3:GetObjectVersion"], objects(bucket, [manifestsPrefix({ prefix })])),
    list(bucket, [prefix]),
    // Decrypt: S3 reads the parts of a multipart upload when it puts them together.
    ...throughS3(["kms:GenerateDataKey", "kms:Decrypt"], key),
  ]);
}

/**
 * What a drill and a restore may do: read one backup's prefix, and put golden copies, records, and the dump of what a restore replaces.
 * They cannot publish backups or delete anything.
 *
 * @param key as in writerPolicy
 */
export function restorerPolicy(bucket: string, prefix: string, key: string | undefined): string {
  const own = [goldenPrefix({ prefix }), drillsPrefix({ prefix }), beforeRestorePrefix({ prefix })];
  return policyDocument([
    allow(["s3:GetObject", "s3:GetObjectVersion"], objects(bucket, [prefix])),
    allow(["s3:PutObject", "s3:AbortMultipartUpload"], objects(bucket, own)),
    list(bucket, [prefix]),
    ...throughS3(["kms:GenerateDataKey", "kms:Decrypt"], key),
  ]);
}

/**
 * What the health monitor may do: list the manifests of the service's backups, whose names contain their start. It reads no objects.
 *
 * @param prefixes of the service's backups
 */
export function monitorPolicy(bucket: string, prefixes: readonly string[]): string {
  const manifests = prefixes.map((prefix) => manifestsPrefix({ prefix }));
  return policyDocument([allow("s3:ListBucket", bucketArn(bucket), within(manifests))]);
}

/** One end of a replication. */
export interface ReplicationEnd {
  bucket: string;
  region: string;
  /** ARN of the bucket's KMS key; undefined where the server's own key encrypts. */
  key: string | undefined;
}

/**
 * What S3 may do to copy one bucket's objects to another, retention and holds with them. Source: docs.aws.amazon.com, "Setting up
 * permissions for live replication" and "Replicating encrypted objects".
 */
export function replicationPolicy(from: ReplicationEnd, to: ReplicationEnd): string {
  return policyDocument([
    allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], bucketArn(from.bucket)),
    allow(
      [
        "s3:GetObjectLegalHold",
        "s3:GetObjectRetention",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionTagging",
      ],
      objects(from.bucket, [""]),
    ),
    allow(["s3:ObjectOwnerOverrideToBucketOwner", "s3:ReplicateObject", "s3:ReplicateTags"], objects(to.bucket, [""])),
    ...throughS3(["kms:Decrypt"], from.key, from.region),
    ...throughS3(["kms:Encrypt", "kms:GenerateDataKey"], to.key, to.region),
  ]);
}

/** Lets only one ServiceAccount of the cluster assume a role. @param provider OIDC issuer without scheme */
export function trustPolicy(account: string, provider: string, namespace: string, serviceAccount: string): string {
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/${provider}` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${provider}:aud`]: "sts.amazonaws.com",
          [`${provider}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
        },
      },
    },
  ]);
}

/**
 * Lets EKS Pod Identity assume a role for the pods of one ServiceAccount of one cluster: it tags each session with them. Source:
 * docs.aws.amazon.com, "Grant Pods access to AWS resources based on tags".
 */
export function podIdentityTrustPolicy(
  { account, region, cluster }: { account: string; region: string; cluster: string },
  namespace: string,
  serviceAccount: string,
): string {
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: {
        StringEquals: {
          "aws:SourceAccount": account,
          "aws:RequestTag/kubernetes-namespace": namespace,
          "aws:RequestTag/kubernetes-service-account": serviceAccount,
        },
        ArnEquals: { "aws:SourceArn": `arn:aws:eks:${region}:${account}:cluster/${cluster}` },
      },
    },
  ]);
}

/** Lets S3 assume a role to replicate one bucket. Source: docs.aws.amazon.com, "Setting up permissions for live replication". */
export function replicationTrustPolicy(account: string, bucket: string): string {
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": account },
        ArnEquals: { "aws:SourceArn": bucketArn(bucket) },
      },
    },
  ]);
}

function allow(
  action: string | string[],
  resource: string | string[],
  condition?: PolicyStatement["Condition"],
): PolicyStatement {
  return { Effect: "Allow", Action: action, Resource: resource, ...(condition && { Condition: condition }) };
}

function objects(bucket: string, prefixes: readonly string[]): string[] {
  return prefixes.map((prefix) => `${bucketArn(bucket)}/${prefix}*`);
}

function list(bucket: string, prefixes: readonly string[]): PolicyStatement {
  return allow(["s3:ListBucket", "s3:ListBucketVersions"], bucketArn(bucket), within(prefixes));
}

/** Restricts listings to these prefixes. */
function within(prefixes: readonly string[]): PolicyStatement["Condition"] {
  return { StringLike: { "s3:prefix": prefixes.map((prefix) => `${prefix}*`) } };
}

/** Lets the role use the key only through S3. */
function throughS3(action: string[], key: string | undefined, region = "*"): PolicyStatement[] {
  if (key === undefined) return [];
  return [allow(action, key, { StringLike: { "kms:ViaService": `s3.${region}.amazonaws.com` } })];
}
