import type { Environment } from "./environment.ts";
import type { Service } from "./service.ts";
import { dataPrefix, keptTiers, manifestsPrefix, type Shelf, SUSPECT } from "./tiers.ts";

const DAY = 86_400;

/** Data outlives its manifest by these days, so that no manifest ever names data that is gone. */
export const DATA_OUTLIVES_MANIFEST_DAYS = 2;

/** A bucket's name, from account and region: nobody else's bucket has it, and it is known before anything exists. */
export function bucketName(service: string, { name, aws }: Environment): string {
  return `${service}-backups-${name}-${aws.account}-${aws.region}`;
}

/** The lock where no backup is declared any more: nothing new is written then. */
const DEFAULT_LOCK_DAYS = 30;

/** Days for which S3 refuses to delete a version: as long as the shortest-kept backup is promised. */
export function lockDays({ backups }: Service): number {
  if (backups.length === 0) return DEFAULT_LOCK_DAYS;
  const kept = backups.flatMap(({ keep }) => keptTiers(keep).map(({ seconds }) => Math.floor(seconds / DAY)));
  return Math.min(...kept);
}

/**
 * The rules by which S3 deletes what has been kept long enough. In a versioned bucket an expiration only hides an object;
 * the noncurrent rule then deletes it. Source: docs.aws.amazon.com, "Lifecycle configuration elements".
 */
export function lifecycleRules({ backups }: Service) {
  return [
    ...backups.flatMap((backup) => {
      const tiers = keptTiers(backup.keep).map(({ tier, seconds }) => ({
        shelf: tier as Shelf,
        days: Math.ceil(seconds / DAY),
      }));
      // What waits for a person waits as long as anything is kept.
      const suspect = { shelf: SUSPECT as Shelf, days: Math.max(...tiers.map(({ days }) => days)) };
      return [...tiers, suspect].flatMap(({ shelf, days }) => [
        expiration(manifestsPrefix(backup, shelf), days),
        expiration(dataPrefix(backup, shelf), days + DATA_OUTLIVES_MANIFEST_DAYS),
      ]);
    }),
    {
      id: "abandoned",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { expiredObjectDeleteMarker: true },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
    },
  ];
}

function expiration(prefix: string, days: number) {
  return {
    id: prefix,
    status: "Enabled",
    filter: { prefix },
    expiration: { days },
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  };
}

type Statement = Record<string, unknown>;

/**
 * The bucket's policy: TLS only, nothing deleted but by the lifecycle, nothing overwritten, no other key.
 *
 * @param key ARN of the bucket's KMS key; undefined where the server's own key encrypts
 */
export function bucketPolicy(bucket: string, key: string | undefined, conditionalPuts: boolean): string {
  const everything = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  const deny = (
    sid: string,
    action: string | string[],
    resource: string | string[],
    condition?: Statement,
  ): Statement => ({
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  });
  const objects = `arn:aws:s3:::${bucket}/*`;
  const statements = [
    deny("TlsOnly", "s3:*", everything, { Bool: { "aws:SecureTransport": "false" } }),
    deny("NoVersionDeletes", ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"], objects),
  ];
  if (key !== undefined) {
    // IfExists: a put that names no key takes the bucket's default, which is the right one.
    statements.push(
      deny("RightKeyOnly", "s3:PutObject", objects, {
        StringNotEqualsIfExists: { "s3:x-amz-server-side-encryption-aws-kms-key-id": key },
      }),
    );
  }
  if (conditionalPuts) {
    // Parts of a multipart upload carry no condition; completing it does.
    statements.push(
      deny("NoOverwrites", "s3:PutObject", objects, {
        Null: { "s3:if-none-match": "true" },
        Bool: { "s3:ObjectCreationOperation": "true" },
      }),
    );
  }
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * What a backup job may do: put new objects under its prefix, list it, read its manifests, and keep what is there beyond its time.
 * It can read no data, delete nothing and end no hold.
 *
 * @param key ARN of the bucket's KMS key; undefined where the server's own key encrypts
 */
export function writerPolicy(bucket: string, prefix: string, key: string | undefined): string {
  const statements: Statement[] = [
    {
      Effect: "Allow",
      Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
      Resource: `arn:aws:s3:::${bucket}/${prefix}*`,
    },
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:GetObjectVersion"],
      Resource: `arn:aws:s3:::${bucket}/${prefix}manifests/*`,
    },
    {
      Effect: "Allow",
      Action: "s3:PutObjectLegalHold",
      Resource: `arn:aws:s3:::${bucket}/${prefix}*`,
      Condition: { StringEquals: { "s3:object-lock-legal-hold": "ON" } },
    },
    {
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:ListBucketVersions"],
      Resource: `arn:aws:s3:::${bucket}`,
      Condition: { StringLike: { "s3:prefix": `${prefix}*` } },
    },
  ];
  // Decrypt: S3 reads the parts of a multipart upload when it puts them together.
  if (key !== undefined)
    statements.push({ Effect: "Allow", Action: ["kms:GenerateDataKey", "kms:Decrypt"], Resource: key });
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Lets one ServiceAccount of the cluster, and nobody else, take a role. @param provider OIDC issuer without scheme */
export function trustPolicy(account: string, provider: string, namespace: string, serviceAccount: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
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
    ],
  });
}
