import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LOGS_KEPT_DAYS } from "../../domain/backup/retention.ts";
import { bucketName, logBucketName } from "../../domain/bucket/bucket.ts";
import { logBucketPolicy } from "../../domain/bucket/bucketPolicy.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { inPartition } from "../../domain/values/partition.ts";
import { inputs } from "../inputs.ts";
import { hardenedBucket } from "./hardenedBucket.ts";

export interface LogBucketArgs {
  environment: Environment;
  service: Service;
  /** The bucket whose accesses are logged. */
  source: aws.s3.Bucket;
}

/**
 * The access logs of one bucket: who read, put and deleted what. S3's log delivery writes them and cannot lock them; the lifecycle
 * expires them. The bucket is kept when the stack is destroyed, because it records what happened before.
 */
export class LogBucket extends pulumi.ComponentResource {
  constructor(name: string, args: LogBucketArgs, options?: pulumi.ComponentResourceOptions) {
    const { source, ...declared } = args;
    super("upkeep:backup:LogBucket", name, inputs(declared), options);
    const { environment, service } = args;
    const logs = logBucketName(service.name, environment, environment.aws);
    const stateful = { parent: this, protect: true, retainOnDelete: true };
    const { bucket, versioning } = hardenedBucket(
      name,
      {
        bucket: logs,
        // S3's log delivery supports only S3-managed keys.
        keyArn: undefined,
        policy: inPartition(
          logBucketPolicy(logs, bucketName(service.name, environment), environment.aws.account),
          environment.aws.region,
        ),
      },
      stateful,
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "logs",
            status: "Enabled",
            filter: { prefix: "" },
            expiration: { days: LOGS_KEPT_DAYS },
            noncurrentVersionExpiration: { noncurrentDays: 1 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
          },
        ],
      },
      { ...stateful, parent: bucket, dependsOn: versioning },
    );
    new aws.s3.BucketLogging(
      `${name}-logging`,
      { bucket: source.bucket, targetBucket: bucket.bucket, targetPrefix: "access/" },
      { ...stateful, parent: source, dependsOn: bucket },
    );
    this.registerOutputs({ bucketName: logs });
  }
}
