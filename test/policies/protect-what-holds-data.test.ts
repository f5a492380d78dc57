import assert from "node:assert/strict";
import { protectWhatHoldsData } from "../../policies/protect-what-holds-data.ts";
import { findings, judgeStack, type Resource, UNKNOWN } from "../../policies/testing.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const KEY = "aws:kms/key:Key";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";

const judged = (type: string, props: object = {}, more: Partial<Resource> = { protect: true }) =>
  judgeStack([{ type, name: "data", props, ours: true, ...more }], { policies: [protectWhatHoldsData] });
const found = (...of: Parameters<typeof judged>) => findings(judged(...of)).map(([, code, path]) => [code, path]);

describe("the policy protect-what-holds-data", () => {
  const holders = [
    ...[BUCKET, "aws:s3/bucketV2:BucketV2", KEY, "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"],
    ...[
      "aws:docdb/cluster:Cluster",
      "aws:dynamodb/table:Table",
      "aws:efs/fileSystem:FileSystem",
      "aws:ebs/volume:Volume",
    ],
    ...["aws:backup/vault:Vault", CLAIM, "random:index/randomPassword:RandomPassword"],
  ];
  for (const type of holders) {
    it(`wants protect on ${type}`, () => {
      assert.deepEqual(judged(type), []);
      assert.deepEqual(found(type, {}, {}), [["data-unprotected", "options.protect"]]);
    });
  }

  it("asks nothing of what holds no data", () => {
    for (const type of [
      "aws:s3/bucketVersioning:BucketVersioning",
      "aws:iam/role:Role",
      "random:index/randomId:RandomId",
      "kubernetes:apps/v1:Deployment",
    ]) {
      assert.deepEqual(judged(type, {}, {}), []);
    }
  });

  const settings: [type: string, field: string, unsafe: unknown, code: string][] = [
    [BUCKET, "forceDestroy", true, "data-destroyed-with-resource"],
    ["aws:backup/vault:Vault", "forceDestroy", true, "data-destroyed-with-resource"],
    ["aws:rds/instance:Instance", "skipFinalSnapshot", true, "data-destroyed-with-resource"],
    ["aws:rds/cluster:Cluster", "skipFinalSnapshot", true, "data-destroyed-with-resource"],
    [KEY, "deletionWindowInDays", 13, "key-deleted-too-soon"],
  ];
  for (const [type, field, unsafe, code] of settings) {
    it(`refuses ${field} ${unsafe} of ${type}`, () => {
      assert.deepEqual(found(type, { [field]: unsafe }), [[code, field]]);
      assert.deepEqual(judged(type, { [field]: unsafe === true ? false : 14 }), []);
      assert.deepEqual(found(type, { [field]: UNKNOWN }), [["unknown", field]]);
      assert.deepEqual(found(type, { [field]: UNKNOWN }, {}), [
        ["data-unprotected", "options.protect"],
        ["unknown", field],
      ]);
    });
  }

  it("refuses a StatefulSet that takes its claims along", () => {
    const retaining = (retention: unknown) => ({ spec: { persistentVolumeClaimRetentionPolicy: retention } });
    const at = "spec.persistentVolumeClaimRetentionPolicy";
    assert.deepEqual(judged(STATEFUL_SET, { spec: {} }, {}), []);
    assert.deepEqual(judged(STATEFUL_SET, retaining({ whenDeleted: "Retain", whenScaled: "Retain" }), {}), []);
    for (const when of ["whenDeleted", "whenScaled"]) {
      assert.deepEqual(found(STATEFUL_SET, retaining({ [when]: "Delete" }), {}), [["claims-deleted", `${at}.${when}`]]);
      assert.deepEqual(found(`${STATEFUL_SET}Patch`, retaining({ [when]: "Delete" }), {}), [
        ["claims-deleted", `${at}.${when}`],
      ]);
      assert.deepEqual(found(`${STATEFUL_SET}List`, { items: [retaining({ [when]: "Delete" })] }, {}), [
        ["claims-deleted", `items[0].${at}.${when}`],
      ]);
    }
    assert.deepEqual(found(STATEFUL_SET, retaining("Delete"), {}), [["value-misshapen", at]]);
    assert.deepEqual(found(STATEFUL_SET, retaining(UNKNOWN), {}), [["unknown", at]]);
  });

  it("only advises about what is not ours: its owner's state may be kept by other means", () => {
    assert.equal(judged(BUCKET, {}, { ours: false })[0]?.level, "advisory");
    assert.equal(judged(BUCKET, { tags: { "upkeep/rules": "own" } }, { ours: false })[0]?.level, "mandatory");
  });
});
