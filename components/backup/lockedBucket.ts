import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lifecycleRules, lockDays } from "../../domain/backup/retention.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { hardenedBucket } from "./hardenedBucket.ts";

export interface LockedBucketFacts {
  bucket: string;
  /** Its region. @default the provider's */
  region?: string;
  encryption: Environment["backups"]["encryption"];
  /** The service whose backups it holds: its lock and its lifecycle follow from their retention. */
  service: Service;
  /** @param key ARN of the bucket's own key; undefined where the server's key encrypts */
  policy: (key: string | undefined) => string;
  /** Policy of the KMS key. @default AWS's */
  keyPolicy?: string;
  /** What must exist before the policy: S3 refuses a policy that names a missing role. */
  policyNeeds?: pulumi.Resource[];
}

/** What other resources need of a bucket. */
export interface LockedBucket {
  bucket: aws.s3.Bucket;
  versioning: aws.s3.BucketVersioning;
  /** All settings of the bucket: until they exist, it would accept unprotected objects. */
  settings: pulumi.Resource[];
  /** ARN of the bucket's own KMS key; undefined where the server's key encrypts. */
  keyArn: pulumi.Output<string> | undefined;
}

/** Days in which the deletion of a KMS key can be cancelled: the longest that AWS allows. */
const KEY_DELETION_WINDOW_DAYS = 30;

/**
 * A bucket for backups with every setting: hardened, locked, and emptied by its lifecycle alone. It, its settings and its key are
 * protected, and are kept when the stack is destroyed.
 */
export function lockedBucket(name: string, facts: LockedBucketFacts, component: pulumi.Resource): LockedBucket {
  const { service, region } = facts;
  const place = region === undefined ? {} : { region };
  const stateful = { parent: component, protect: true, retainOnDelete: true };
  const keyArn = facts.encryption === "kms" ? ownKey(name, facts, stateful) : undefined;
  const { bucket, versioning, settings } = hardenedBucket(
    name,
    {
      bucket: facts.bucket,
      ...place,
      objectLockEnabled: true,
      keyArn,
      policy: pulumi.output(keyArn).apply((key) => facts.policy(key)),
      ...(facts.policyNeeds && { policyNeeds: facts.policyNeeds }),
    },
    stateful,
  );
  // A kept bucket without its settings would be unprotected: they are kept with it.
  const setting = { ...stateful, parent: bucket, dependsOn: versioning };
  const lock = new aws.s3.BucketObjectLockConfiguration(
    `${name}-lock`,
    { ...place, bucket: bucket.bucket, rule: { defaultRetention: { mode: "GOVERNANCE", days: lockDays(service) } } },
    setting,
  );
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { ...place, bucket: bucket.bucket, rules: lifecycleRules(service) },
    setting,
  );
  return { bucket, versioning, settings: [...settings, lock, lifecycle], keyArn };
}

function ownKey(
  name: string,
  { bucket, region, keyPolicy }: LockedBucketFacts,
  stateful: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const place = region === undefined ? {} : { region };
  const key = new aws.kms.Key(
    `${name}-key`,
    {
      ...place,
      description: `Encrypts the backups in ${bucket}`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_WINDOW_DAYS,
      ...(keyPolicy && { policy: keyPolicy }),
    },
    stateful,
  );
  new aws.kms.Alias(
    `${name}-alias`,
    { ...place, name: `alias/${bucket}`, targetKeyId: key.keyId },
    { ...stateful, parent: key },
  );
  return key.arn;
}
