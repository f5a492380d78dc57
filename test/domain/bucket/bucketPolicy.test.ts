import assert from "node:assert/strict";
import {
  bucketArn,
  bucketPolicy,
  logBucketPolicy,
  replicaKeyPolicy,
  replicaPolicy,
} from "../../../domain/bucket/bucketPolicy.ts";

const ROLE = "arn:aws:iam::111111111111:role/deploy";
const SENDER = "arn:aws:iam::111111111111:role/replication";
const KEY = "arn:aws:kms:eu-central-1:111111111111:key/1234";
const plain = { bucket: "shop-backups", key: undefined, conditionalPuts: false, deployRole: undefined };

/** The statements of a policy, which must be one of IAM's only version that knows variables. */
function statements(policy: string): object[] {
  const { Version, Statement, ...rest } = JSON.parse(policy);
  assert.deepEqual([Version, rest], ["2012-10-17", {}]);
  return Statement;
}

const tlsOnly = (bucket: string) => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

const noVersionDeletes = {
  Sid: "NoVersionDeletes",
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"],
  Resource: "arn:aws:s3:::shop-backups/*",
};

const settingsByDeployRole = {
  Sid: "SettingsByDeployRole",
  Effect: "Deny",
  Principal: "*",
  Action: [
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
  ],
  Resource: "arn:aws:s3:::shop-backups",
  Condition: { ArnNotEquals: { "aws:PrincipalArn": ROLE } },
};

describe("the policy of a bucket with backups", () => {
  const always = [tlsOnly("shop-backups"), noVersionDeletes];

  it("denies plain HTTP and the deletion of versions, and nothing else where nothing else is known", () =>
    assert.deepEqual(statements(bucketPolicy(plain)), always));

  it("denies a put with another key than the bucket's, but not one that names none", () => {
    const named = "s3:x-amz-server-side-encryption-aws-kms-key-id";
    assert.deepEqual(statements(bucketPolicy({ ...plain, key: KEY })), [
      ...always,
      {
        Sid: "RightKeyOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:PutObject",
        Resource: "arn:aws:s3:::shop-backups/*",
        Condition: { StringNotEquals: { [named]: KEY }, Null: { [named]: "false" } },
      },
    ]);
  });

  it("denies a put over what is there where the server knows the condition, but for golden copies and what a restore replaces", () => {
    assert.deepEqual(statements(bucketPolicy({ ...plain, conditionalPuts: true })), [
      ...always,
      {
        Sid: "NoOverwrites",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:PutObject",
        Condition: { Null: { "s3:if-none-match": "true" }, Bool: { "s3:ObjectCreationOperation": "true" } },
        NotResource: ["arn:aws:s3:::shop-backups/*/golden/*", "arn:aws:s3:::shop-backups/*/before-restore/*"],
      },
    ]);
  });

  it("denies a change of its settings to all but the role that deploys", () =>
    assert.deepEqual(statements(bucketPolicy({ ...plain, deployRole: ROLE })), [...always, settingsByDeployRole]));
});

describe("the policy of a bucket with second copies", () => {
  const facts = { bucket: "shop-backups", deployRole: undefined, sender: undefined };
  const always = [
    tlsOnly("shop-backups"),
    noVersionDeletes,
    {
      Sid: "NoPuts",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::shop-backups/*",
    },
  ];

  it("denies every put beside plain HTTP and the deletion of versions: replication is not a put", () =>
    assert.deepEqual(statements(replicaPolicy(facts)), always));

  it("lets another account's role copy, and the role that deploys alone change its settings", () => {
    assert.deepEqual(statements(replicaPolicy({ ...facts, deployRole: ROLE, sender: SENDER })), [
      ...always,
      settingsByDeployRole,
      {
        Sid: "ReplicasOfOneRole",
        Effect: "Allow",
        Principal: { AWS: SENDER },
        Action: ["s3:ObjectOwnerOverrideToBucketOwner", "s3:ReplicateObject", "s3:ReplicateTags"],
        Resource: "arn:aws:s3:::shop-backups/*",
      },
    ]);
  });
});

describe("the policy of a log bucket", () => {
  it("lets S3's log delivery alone write, for one bucket of one account", () => {
    assert.deepEqual(statements(logBucketPolicy("shop-logs", "shop-backups", "111111111111")), [
      tlsOnly("shop-logs"),
      {
        Sid: "LogsOfOneBucket",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: "arn:aws:s3:::shop-logs/*",
        Condition: {
          ArnLike: { "aws:SourceArn": "arn:aws:s3:::shop-backups" },
          StringEquals: { "aws:SourceAccount": "111111111111" },
        },
      },
    ]);
  });
});

describe("the policy of the key of second copies", () => {
  it("leaves it to its account, and lets the role that copies encrypt through S3 of its region", () => {
    const place = { account: "222222222222", region: "eu-west-1" };
    assert.deepEqual(statements(replicaKeyPolicy(place, SENDER)), [
      {
        Sid: "OwnAccount",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::222222222222:root" },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "ReplicasOfOneRole",
        Effect: "Allow",
        Principal: { AWS: SENDER },
        Action: ["kms:Encrypt", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
      },
    ]);
  });
});

describe("a bucket's ARN", () => {
  it("is its name alone: S3's names are unique", () =>
    assert.equal(bucketArn("shop-backups"), "arn:aws:s3:::shop-backups"));
});
