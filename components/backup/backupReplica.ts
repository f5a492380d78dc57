import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName, type Place, replicaName, replicaPlace } from "../../domain/bucket/bucket.ts";
import { bucketArn, replicaKeyPolicy, replicaPolicy } from "../../domain/bucket/bucketPolicy.ts";
import { replicationPolicy, replicationTrustPolicy } from "../../domain/bucket/roles.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { inPartition } from "../../domain/values/partition.ts";
import { inputs } from "../inputs.ts";
import { jobRole } from "./backupRole.ts";
import { type LockedBucket, lockedBucket } from "./lockedBucket.ts";
import { roleName } from "./roleName.ts";

export interface BackupReplicaArgs {
  environment: Environment;
  service: Service;
  /** What is copied. */
  source: LockedBucket;
}

/**
 * The second copy of a service's backups: a bucket in another region and, if declared, another account, with its own key, lock and
 * lifecycle, so that nothing done to the first copy affects it. S3 copies each object within minutes.
 */
export class BackupReplica extends pulumi.ComponentResource {
  /** The bucket's name: known before the bucket exists. */
  readonly bucketName: string;

  constructor(name: string, args: BackupReplicaArgs, options: pulumi.ComponentResourceOptions) {
    const { source, ...declared } = args;
    super("upkeep:backup:BackupReplica", name, inputs(declared), options);
    const { environment, service } = args;
    const { encryption, deployRole } = environment.backups;
    const place = replicaPlace(environment) as Place;
    this.bucketName = replicaName(service.name, environment, place);
    const { name: owner, namespace } = service;
    const senderName = roleName({ service: owner, namespace, job: `${owner}-backups-replication` }, environment);
    const { account, region, iam } = environment.aws;
    const role = jobRole(
      `${name}-role`,
      environment,
      senderName,
      replicationTrustPolicy(account, bucketName(service.name, environment)),
      // The role is in the source account; the replica's provider may be of another account.
      options.parent ?? this,
    );
    const elsewhere = place.account !== account;
    const sender = elsewhere
      ? inPartition(`arn:aws:iam::${account}:role${iam?.path ?? "/"}${senderName}`, region)
      : undefined;
    const copy = lockedBucket(
      name,
      {
        bucket: this.bucketName,
        region: place.region,
        encryption,
        service,
        policy: () =>
          inPartition(
            replicaPolicy({ bucket: this.bucketName, deployRole: elsewhere ? undefined : deployRole, sender }),
            region,
          ),
        ...(sender && { keyPolicy: inPartition(replicaKeyPolicy(place, sender), region), policyNeeds: [role] }),
      },
      this,
    );
    this.replicate(name, args, copy, role);
    this.registerOutputs({ bucketName: this.bucketName });
  }

  private replicate(
    name: string,
    { environment, service, source }: BackupReplicaArgs,
    copy: LockedBucket,
    role: aws.iam.Role,
  ): void {
    const place = replicaPlace(environment) as Place;
    const from = { bucket: bucketName(service.name, environment), region: environment.aws.region };
    const to = { bucket: this.bucketName, region: place.region };
    const rights = new aws.iam.RolePolicy(
      `${name}-role-policy`,
      {
        name: "replicate-backups",
        role: role.name,
        policy: pulumi
          .all([source.keyArn, copy.keyArn])
          .apply(([fromKey, toKey]) =>
            inPartition(replicationPolicy({ ...from, key: fromKey }, { ...to, key: toKey }), from.region),
          ),
      },
      { parent: role },
    );
    new aws.s3.BucketReplicationConfig(
      `${name}-replication`,
      {
        bucket: source.bucket.bucket,
        role: role.arn,
        rules: [
          {
            id: "everything",
            status: "Enabled",
            priority: 1,
            filter: { prefix: "" },
            // A delete marker here must not hide the copy there: each copy has its own lifecycle.
            deleteMarkerReplication: { status: "Disabled" },
            ...(copy.keyArn && { sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } } }),
            destination: {
              bucket: inPartition(bucketArn(this.bucketName), place.region),
              ...(copy.keyArn && { encryptionConfiguration: { replicaKmsKeyId: copy.keyArn } }),
              ...(place.account !== environment.aws.account && {
                account: place.account,
                accessControlTranslation: { owner: "Destination" },
              }),
            },
          },
        ],
      },
      // S3 refuses replication until both buckets are versioned and the role has its permissions.
      {
        parent: source.bucket,
        protect: true,
        retainOnDelete: true,
        dependsOn: [source.versioning, copy.bucket, copy.versioning, rights],
      },
    );
  }
}
