import assert from "node:assert/strict";
import { bucketPolicy, lifecycleRules, lockDays, trustPolicy, writerPolicy } from "../../domain/bucket.ts";
import { database } from "../support/database.ts";

type Statement = { Sid?: string; Action: string | string[]; Resource: string; Condition?: Record<string, unknown> };
const statements = (policy: string) => (JSON.parse(policy) as { Statement: Statement[] }).Statement;
const sids = (policy: string) => statements(policy).map(({ Sid }) => Sid);

describe("a backup bucket", () => {
  it("keeps each manifest as long as promised, and its data longer", () => {
    const days = Object.fromEntries(
      lifecycleRules(database).map((rule) => [rule.id, (rule.expiration as { days?: number }).days]),
    );
    assert.deepEqual(days, {
      "database/manifests/daily/": 30,
      "database/data/daily/": 32,
      "database/manifests/suspect/": 30,
      "database/data/suspect/": 32,
      abandoned: undefined,
    });
  });

  it("locks a version no longer than its backup is kept, so that the lifecycle can delete it", () => {
    assert.equal(lockDays(database), 30);
  });

  it("refuses plain HTTP, version deletes, overwrites and foreign keys", () => {
    assert.deepEqual(sids(bucketPolicy("b", "arn:key", true)), [
      "TlsOnly",
      "NoVersionDeletes",
      "RightKeyOnly",
      "NoOverwrites",
    ]);
  });

  it("leaves out what an S3-compatible server does not know", () => {
    assert.deepEqual(sids(bucketPolicy("b", undefined, false)), ["TlsOnly", "NoVersionDeletes"]);
  });

  it("lets its writer put, hold and list its own prefix and read its manifests, and neither read data nor delete", () => {
    const allowed = statements(writerPolicy("b", "database/", "arn:key"));
    assert.deepEqual(
      allowed.flatMap(({ Action }) => Action),
      [
        "s3:PutObject",
        "s3:AbortMultipartUpload",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObjectLegalHold",
        "s3:ListBucket",
        "s3:ListBucketVersions",
        "kms:GenerateDataKey",
        "kms:Decrypt",
      ],
    );
    assert.deepEqual(
      allowed.map(({ Resource }) => Resource),
      [
        "arn:aws:s3:::b/database/*",
        "arn:aws:s3:::b/database/manifests/*",
        "arn:aws:s3:::b/database/*",
        "arn:aws:s3:::b",
        "arn:key",
      ],
    );
    const hold = allowed.find(({ Action }) => Action === "s3:PutObjectLegalHold");
    assert.deepEqual(hold?.Condition, { StringEquals: { "s3:object-lock-legal-hold": "ON" } });
  });

  it("trusts one ServiceAccount alone with the writer's role", () => {
    const [statement] = statements(trustPolicy("111111111111", "oidc.example/id/A", "ns", "job"));
    assert.deepEqual(statement?.Condition, {
      StringEquals: {
        "oidc.example/id/A:aud": "sts.amazonaws.com",
        "oidc.example/id/A:sub": "system:serviceaccount:ns:job",
      },
    });
  });
});
