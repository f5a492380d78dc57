import assert from "node:assert/strict";
import {
  monitorPolicy,
  podIdentityTrustPolicy,
  replicationPolicy,
  replicationTrustPolicy,
  restorerPolicy,
  trustPolicy,
  writerPolicy,
} from "../../../domain/bucket/roles.ts";

const KEY = "arn:aws:kms:eu-central-1:111111111111:key/1234";
const COPY_KEY = "arn:aws:kms:eu-west-1:222222222222:key/5678";

/** The statements of a policy. */
const statements = (policy: string) => JSON.parse(policy).Statement as object[];

const within = (...folders: string[]) => folders.map((folder) => `arn:aws:s3:::shop-backups/database/${folder}*`);

const lists = {
  Effect: "Allow",
  Action: ["s3:ListBucket", "s3:ListBucketVersions"],
  Resource: "arn:aws:s3:::shop-backups",
  Condition: { StringLike: { "s3:prefix": ["database/*"] } },
};

const throughS3 = (action: string[], key = KEY, region = "*") => ({
  Effect: "Allow",
  Action: action,
  Resource: key,
  Condition: { StringLike: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
});

describe("what a role may do", () => {
  it("is for a backup job to put and hold data and manifests, to list its prefix and to read manifests", () => {
    const expected = [
      { Effect: "Allow", Action: ["s3:PutObject", "s3:AbortMultipartUpload"], Resource: within("data/", "manifests/") },
      {
        Effect: "Allow",
        Action: "s3:PutObjectLegalHold",
        Resource: within("data/", "manifests/"),
        Condition: { StringEquals: { "s3:object-lock-legal-hold": "ON" } },
      },
      { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: within("manifests/") },
      lists,
    ];
    assert.deepEqual(statements(writerPolicy("shop-backups", "database/", undefined)), expected);
    assert.deepEqual(statements(writerPolicy("shop-backups", "database/", KEY)), [
      ...expected,
      throughS3(["kms:GenerateDataKey", "kms:Decrypt"]),
    ]);
  });

  it("is for drills and restores to read the prefix, and to put golden copies, records and what a restore replaces", () => {
    const expected = [
      { Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: within("") },
      {
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
        Resource: within("golden/", "drills/", "before-restore/"),
      },
      lists,
    ];
    assert.deepEqual(statements(restorerPolicy("shop-backups", "database/", undefined)), expected);
    assert.deepEqual(statements(restorerPolicy("shop-backups", "database/", KEY)), [
      ...expected,
      throughS3(["kms:GenerateDataKey", "kms:Decrypt"]),
    ]);
  });

  it("is for the health monitor to list manifests", () => {
    assert.deepEqual(statements(monitorPolicy("shop-backups", ["database/", "cache/"])), [
      {
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: "arn:aws:s3:::shop-backups",
        Condition: { StringLike: { "s3:prefix": ["database/manifests/*", "cache/manifests/*"] } },
      },
    ]);
  });

  it("is for S3 to read one bucket's versions with what keeps them, and to put them into another, with each one's key", () => {
    const from = { bucket: "shop-backups", region: "eu-central-1", key: undefined };
    const to = { bucket: "shop-copies", region: "eu-west-1", key: undefined };
    const expected = [
      {
        Effect: "Allow",
        Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
        Resource: "arn:aws:s3:::shop-backups",
      },
      {
        Effect: "Allow",
        Action: [
          "s3:GetObjectLegalHold",
          "s3:GetObjectRetention",
          "s3:GetObjectVersionAcl",
          "s3:GetObjectVersionForReplication",
          "s3:GetObjectVersionTagging",
        ],
        Resource: ["arn:aws:s3:::shop-backups/*"],
      },
      {
        Effect: "Allow",
        Action: ["s3:ObjectOwnerOverrideToBucketOwner", "s3:ReplicateObject", "s3:ReplicateTags"],
        Resource: ["arn:aws:s3:::shop-copies/*"],
      },
    ];
    assert.deepEqual(statements(replicationPolicy(from, to)), expected);
    assert.deepEqual(statements(replicationPolicy({ ...from, key: KEY }, { ...to, key: COPY_KEY })), [
      ...expected,
      throughS3(["kms:Decrypt"], KEY, "eu-central-1"),
      throughS3(["kms:Encrypt", "kms:GenerateDataKey"], COPY_KEY, "eu-west-1"),
    ]);
  });
});

describe("who may take a role", () => {
  it("is one ServiceAccount, by the cluster's OIDC provider", () => {
    assert.deepEqual(statements(trustPolicy("111111111111", "oidc.example.com/id/A", "shop", "orders-backup")), [
      {
        Effect: "Allow",
        Principal: { Federated: "arn:aws:iam::111111111111:oidc-provider/oidc.example.com/id/A" },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "oidc.example.com/id/A:aud": "sts.amazonaws.com",
            "oidc.example.com/id/A:sub": "system:serviceaccount:shop:orders-backup",
          },
        },
      },
    ]);
  });

  it("is one ServiceAccount of one cluster, by EKS Pod Identity", () => {
    const cluster = { account: "111111111111", region: "eu-central-1", cluster: "main" };
    assert.deepEqual(statements(podIdentityTrustPolicy(cluster, "shop", "orders-backup")), [
      {
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:SourceAccount": "111111111111",
            "aws:RequestTag/kubernetes-namespace": "shop",
            "aws:RequestTag/kubernetes-service-account": "orders-backup",
          },
          ArnEquals: { "aws:SourceArn": "arn:aws:eks:eu-central-1:111111111111:cluster/main" },
        },
      },
    ]);
  });

  it("is S3, to replicate one bucket of one account", () => {
    assert.deepEqual(statements(replicationTrustPolicy("111111111111", "shop-backups")), [
      {
        Effect: "Allow",
        Principal: { Service: "s3.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "aws:SourceAccount": "111111111111" },
          ArnEquals: { "aws:SourceArn": "arn:aws:s3:::shop-backups" },
        },
      },
    ]);
  });
});
