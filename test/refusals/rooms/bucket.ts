import {
  bucketNameFaults,
  existingBucketFaults,
  partitionFaults,
  replicaFaults,
} from "../../../domain/bucket/bucket.ts";
import {
  backupBucketFaults,
  bucketAclFaults,
  lockedLifecycleFaults,
  logBucketFaults,
  optionalFaults,
  type SettingFields,
  type SettingKind,
  settingFaults,
} from "../../../domain/bucket/bucketHardening.ts";
import { claimRetentionFaults, heldDataFaults } from "../../../domain/bucket/heldData.ts";
import {
  accessKeyFault,
  attachedPolicyFaults,
  iamPolicyFaults,
  trustFaults,
} from "../../../domain/bucket/iamRights.ts";
import { environmentOf } from "../../support/environment.ts";
import { shop, shopWith } from "../../support/shop.ts";
import type { Room } from "../room.ts";

const prod = environmentOf("prod");
const copying = (replica: { region: string; account?: string }) =>
  replicaFaults({ ...prod, backups: { ...prod.backups, replica } });

const acme = { name: "acme-backups" };
const inOneBucket = { ...prod, backups: { ...prod.backups, buckets: { shop: acme, store: acme } } };

const bucket = { bucket: "shop-backups" };
const setting = (kind: SettingKind, fields?: SettingFields) => settingFaults(kind, fields, bucket);
const expiring = (prefix: string, days: number) => ({ status: "Enabled", filter: { prefix }, expiration: { days } });
const lifecycle = (...rules: ReturnType<typeof expiring>[]) => setting("BucketLifecycleConfiguration", { rules });
const replicating = (rule: object) =>
  optionalFaults("BucketReplicationConfig", { rules: [{ status: "Enabled", ...rule }] }, bucket);
const logging = (fields: SettingFields) => optionalFaults("BucketLogging", fields, bucket);
const locked = (defaultRetention: object) => setting("BucketObjectLockConfiguration", { rule: { defaultRetention } });
const delivery = { Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject" };
const settingKinds: SettingKind[] = [
  "BucketVersioning",
  "BucketPublicAccessBlock",
  "BucketServerSideEncryptionConfiguration",
  "BucketOwnershipControls",
  "BucketPolicy",
  "BucketObjectLockConfiguration",
  "BucketLifecycleConfiguration",
];

const allowed = (statement: object) => ({ Statement: { Effect: "Allow", ...statement } });

export const room: Room = {
  title: "Buckets (domain/bucket)",
  sources: ["domain/bucket/*.ts"],
  examples: [
    { code: "data-unprotected", faults: () => heldDataFaults("s3.Bucket", {}, false) },
    {
      code: "data-destroyed-with-resource",
      faults: () => [
        ...heldDataFaults("s3.Bucket", { forceDestroy: true }, true),
        ...heldDataFaults("rds.Instance", { skipFinalSnapshot: true }, true),
      ],
    },
    { code: "key-deleted-too-soon", faults: () => heldDataFaults("kms.Key", { deletionWindowInDays: 7 }, true) },
    { code: "claims-deleted", faults: () => claimRetentionFaults({ whenDeleted: "Delete" }, "spec") },
    {
      code: "policy-allows-every-action",
      faults: () => [
        ...iamPolicyFaults(allowed({ Action: "s3:*" }), "policy"),
        ...attachedPolicyFaults("arn:aws:iam::aws:policy/AdministratorAccess", "policyArn"),
      ],
    },
    { code: "policy-allows-all-but", faults: () => iamPolicyFaults(allowed({ NotAction: "iam:*" }), "policy") },
    { code: "role-trusts-everyone", faults: () => trustFaults(allowed({ Principal: "*" }), "assumeRolePolicy") },
    { code: "static-access-key", faults: () => [accessKeyFault] },
    {
      code: "bucket-name-too-long",
      faults: () => bucketNameFaults(shopWith({ name: "the-shop-with-the-long-name" }), prod).slice(0, 1),
    },
    { code: "replica-in-same-region", faults: () => copying({ region: prod.aws.region }) },
    { code: "replica-without-profile", faults: () => copying({ region: "eu-west-1", account: "222222222222" }) },
    { code: "replica-in-other-partition", faults: () => copying({ region: "us-gov-west-1" }) },
    {
      code: "arn-of-other-partition",
      faults: () => partitionFaults({ ...prod, aws: { ...prod.aws, region: "cn-north-1" } }),
    },
    { code: "bucket-of-unknown-service", faults: () => existingBucketFaults(inOneBucket, [shop]) },
    {
      code: "bucket-place-shared",
      faults: () => existingBucketFaults(inOneBucket, [shop, { name: "store", backups: shop.backups.slice(0, 1) }]),
    },
    { code: "object-lock-off", faults: () => backupBucketFaults({ objectLockEnabled: false }) },
    ...settingKinds.map((kind) => ({ code: "missing-bucket-setting", faults: () => setting(kind) })),
    {
      code: "bucket-setting-inline",
      faults: () => settingFaults("BucketVersioning", undefined, { ...bucket, versioning: { enabled: true } }),
    },
    { code: "bucket-acl-public", faults: () => bucketAclFaults({ ...bucket, acl: "public-read" }) },
    {
      code: "policy-allows-everyone",
      faults: () =>
        setting("BucketPolicy", {
          policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject" }] }),
        }).filter(({ code }) => code !== "plain-http-allowed"),
    },
    {
      code: "versioning-off",
      faults: () => setting("BucketVersioning", { versioningConfiguration: { status: "Suspended" } }),
    },
    { code: "public-access-allowed", faults: () => setting("BucketPublicAccessBlock", { blockPublicAcls: false }) },
    {
      code: "unknown-encryption",
      faults: () =>
        setting("BucketServerSideEncryptionConfiguration", {
          rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "ROT13" } }],
        }),
    },
    {
      code: "access-lists-on",
      faults: () => setting("BucketOwnershipControls", { rule: { objectOwnership: "ObjectWriter" } }),
    },
    { code: "plain-http-allowed", faults: () => setting("BucketPolicy", { policy: "{}" }) },
    { code: "plain-http-allowed", faults: () => setting("BucketPolicy", {}) },
    { code: "lock-without-retention", faults: () => setting("BucketObjectLockConfiguration", {}) },
    { code: "lock-without-retention", faults: () => locked({ mode: "GOVERNANCE" }) },
    { code: "unknown-lock-mode", faults: () => locked({ mode: "NONE", days: 30 }) },
    { code: "no-lifecycle-rule", faults: () => lifecycle() },
    { code: "golden-copy-expires", faults: () => lifecycle(expiring("database/golden/", 400)) },
    {
      code: "data-expires-before-manifest",
      faults: () => lifecycle(expiring("database/manifests/", 30), expiring("database/data/", 31)),
    },
    { code: "data-expires-before-manifest", faults: () => lifecycle(expiring("database/data/", 31)) },
    {
      code: "expires-while-locked",
      faults: () =>
        lockedLifecycleFaults(
          { rule: { defaultRetention: { days: 31 } } },
          { rules: [expiring("database/manifests/daily/", 30)] },
        ),
    },
    {
      code: "replication-to-itself",
      faults: () => replicating({ destination: { bucket: "arn:aws:s3:::shop-backups" } }),
    },
    {
      code: "delete-markers-replicated",
      faults: () => replicating({ deleteMarkerReplication: { status: "Enabled" } }),
    },
    { code: "logs-without-target", faults: () => logging({}) },
    { code: "logs-into-backups", faults: () => logging({ targetBucket: "shop-backups" }) },
    { code: "logs-into-backups", faults: () => logging({ targetBucket: "other-backups" }) },
    { code: "logs-never-expire", faults: () => logBucketFaults(undefined, undefined) },
    {
      code: "logs-of-any-account",
      faults: () =>
        logBucketFaults({ rules: [expiring("", 400)] }, { policy: JSON.stringify({ Statement: [delivery] }) }),
    },
  ],
};
