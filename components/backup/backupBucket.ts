import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName } from "../../domain/bucket/bucket.ts";
import { bucketPolicy } from "../../domain/bucket/bucketPolicy.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { inPartition } from "../../domain/values/partition.ts";
import { inputs } from "../inputs.ts";
import { BackupReplica } from "./backupReplica.ts";
import { lockedBucket } from "./lockedBucket.ts";
import { LogBucket } from "./logBucket.ts";

export interface BackupBucketArgs {
  environment: Environment;
  service: Service;
  /** The provider of the second copy's account, where the environment declares another one. */
  replicaProvider?: aws.Provider;
}

/**
 * The bucket that holds a service's backups: versioned, locked, encrypted, private, and emptied by its lifecycle alone; copied to a
 * second region and logged where the environment says so. It, its settings and its key are protected, and kept when the stack is destroyed.
 */
export class BackupBucket extends pulumi.ComponentResource {
  /** The bucket's name: known before the bucket exists. */
  readonly bucketName: string;
  /** ARN of the bucket's own KMS key; undefined where the server's key encrypts. */
  readonly keyArn: pulumi.Output<string> | undefined;
  /** What must exist before the first upload. */
  readonly settings: pulumi.Resource[];

  constructor(name: string, args: BackupBucketArgs, options?: pulumi.ComponentResourceOptions) {
    const { replicaProvider, ...declared } = args;
    super("upkeep:backup:BackupBucket", name, inputs(declared), options);
    const { environment, service } = args;
    const { encryption, conditionalPutPolicy: conditionalPuts, deployRole, replica, accessLogs } = environment.backups;
    this.bucketName = bucketName(service.name, environment);
    const source = lockedBucket(
      name,
      {
        bucket: this.bucketName,
        encryption,
        service,
        policy: (key) =>
          inPartition(
            bucketPolicy({ bucket: this.bucketName, key, conditionalPuts, deployRole }),
            environment.aws.region,
          ),
      },
      this,
    );
    this.keyArn = source.keyArn;
    this.settings = source.settings;
    if (replica) {
      new BackupReplica(
        `${name}-replica`,
        { environment, service, source },
        { parent: this, ...(replicaProvider && { providers: [replicaProvider] }) },
      );
    }
    if (accessLogs) {
      new LogBucket(`${name}-logs`, { environment, service, source: source.bucket }, { parent: this });
    }
    this.registerOutputs({ bucketName: this.bucketName, keyArn: this.keyArn });
  }
}
