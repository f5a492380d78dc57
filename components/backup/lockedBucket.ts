import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { lifecycleRules, lockDays } from "../../domain/backup/retention.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { hardenedBucket } from "./hardenedBucket.ts";

export interface LockedBucketFacts {
  bucket: string;
  /** Where it is; the provider's own region where left out. */
  region?: string;
  encryption: Environment["backups"]["encryption"];
  /** Whose backups it holds: its lock and its lifecycle follow from what is kept of them. */
  service: Service;
  /** @param key ARN of the bucket's own key; undefined where the server's key encrypts */
  policy: (key: string | undefined) => string;
  /** Of the KMS key; AWS's default where left out. */
  keyPolicy?: string;
  /** What must be there before S3 takes the policy: it refuses to name a role that does not exist. */
  policyNeeds?: pulumi.Resource[];
}

/** What of a bucket others need. */
export interface LockedBucket {
  bucket: aws.s3.Bucket;
  versioning: aws.s3.BucketVersioning;
  /** All that makes the bucket what it is: without one of them it takes what it should not. */
  settings: pulumi.Resource[];
  /** ARN of the bucket's own KMS key; undefined where the server's key encrypts. */
  keyArn: pulumi.Output<string> | undefined;
}

/** Days in which a KMS key that was scheduled for deletion can be saved: the longest that AWS allows. */
const KEY_DELETION_WINDOW_DAYS = 30;

/**
 * A bucket for backups with every setting: hardened, locked, and emptied by its lifecycle alone. It, its settings and its key are
 * protected, and stay when the stack goes.
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
  // A bucket that stays without its settings would lie open: they stay with it.
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
