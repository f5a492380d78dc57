import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName, bucketPolicy, lifecycleRules, lockDays } from "../../domain/bucket.ts";
import type { Environment } from "../../domain/environment.ts";
import type { Service } from "../../domain/service.ts";
import { inputs } from "../inputs.ts";

export interface BackupBucketArgs {
  environment: Environment;
  service: Service;
}

/** Days in which a KMS key that was scheduled for deletion can be saved: the longest that AWS allows. */
const KEY_DELETION_WINDOW_DAYS = 30;

/**
 * The bucket that holds a service's backups: versioned, locked, encrypted, private, and emptied by its lifecycle alone.
 * It, its settings and its key are protected, and stay when the stack goes.
 */
export class BackupBucket extends pulumi.ComponentResource {
  /** The bucket's name: known before the bucket exists. */
  readonly bucketName: string;
  /** ARN of the bucket's own KMS key; undefined where the server's key encrypts. */
  readonly keyArn: pulumi.Output<string> | undefined;

  constructor(name: string, args: BackupBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super("upkeep:backup:BackupBucket", name, inputs(args), options);
    const { environment, service } = args;
    const stateful = { parent: this, protect: true, retainOnDelete: true };
    this.bucketName = bucketName(service.name, environment);
    this.keyArn = environment.backups.encryption === "kms" ? this.key(name, stateful) : undefined;

    const bucket = new aws.s3.Bucket(`${name}-bucket`, { bucket: this.bucketName, objectLockEnabled: true }, stateful);
    const settings = { bucket: bucket.bucket };
    // A bucket that stays without its settings would lie open: they stay with it.
    const parent = { ...stateful, parent: bucket };

    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { ...settings, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    new aws.s3.BucketObjectLockConfiguration(
      `${name}-lock`,
      { ...settings, rule: { defaultRetention: { mode: "GOVERNANCE", days: lockDays(service) } } },
      { ...parent, dependsOn: versioning },
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        ...settings,
        rules: [
          this.keyArn
            ? {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: this.keyArn },
                bucketKeyEnabled: true,
              }
            : { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
        ],
      },
      parent,
    );
    new aws.s3.BucketOwnershipControls(
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
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        ...settings,
        policy: pulumi
          .output(this.keyArn)
          .apply((key) => bucketPolicy(this.bucketName, key, environment.backups.conditionalPutPolicy)),
      },
      // S3 refuses two changes to a bucket's access at once.
      { ...parent, dependsOn: privacy },
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { ...settings, rules: lifecycleRules(service) },
      { ...parent, dependsOn: versioning },
    );

    this.registerOutputs({ bucketName: this.bucketName, keyArn: this.keyArn });
  }

  private key(name: string, stateful: pulumi.CustomResourceOptions): pulumi.Output<string> {
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `Encrypts the backups in ${this.bucketName}`,
        enableKeyRotation: true,
        deletionWindowInDays: KEY_DELETION_WINDOW_DAYS,
      },
      stateful,
    );
    new aws.kms.Alias(
      `${name}-alias`,
      { name: `alias/${this.bucketName}`, targetKeyId: key.keyId },
      { ...stateful, parent: key },
    );
    return key.arn;
  }
}
