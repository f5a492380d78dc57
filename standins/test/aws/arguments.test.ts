import assert from "node:assert/strict";
import { awsProvider } from "../../aws/provider.ts";
import type { Session } from "../../provider.ts";
import { type Properties, UNKNOWN } from "../../values.ts";

const session: Session = { stack: "sandbox", online: true, log: async () => {}, signal: new AbortController().signal };

async function failures(type: string, inputs: Properties, oldInputs: Properties = {}): Promise<string[]> {
  const handlers = awsProvider().resource(`aws:${type}`);
  assert.ok(handlers?.check, `${type} is supported`);
  const checked = await handlers.check({ urn: "", type, name: "n", session, inputs, oldInputs });
  return (checked.failures ?? []).map(({ path, reason }) => `${path}: ${reason}`);
}

describe("The aws stand-in's check", () => {
  for (const [name, reason] of Object.entries({
    ab: /bucket: too small/,
    Upper: /bucket: must be lower-case letters/,
    "two..dots": /bucket: must not have two dots in a row/,
    "192.168.0.1": /bucket: must not look like an IP address/,
    "xn--bucket": /bucket: must not begin with a prefix that S3 reserves/,
    "bucket-s3alias": /bucket: must not end with a suffix that S3 reserves/,
  })) {
    it(`refuses the bucket name ${name}`, async () => {
      assert.match((await failures("s3/bucket:Bucket", { bucket: name })).join("\n"), reason);
    });
  }

  it("asks for a name rather than inventing one", async () => {
    assert.match((await failures("s3/bucket:Bucket", {})).join("\n"), /^bucket: is required/);
    assert.match(
      (await failures("iam/role:Role", { assumeRolePolicy: '{"Statement":[]}' })).join("\n"),
      /^name: is required/,
    );
  });

  it("refuses a policy that is no JSON, or no policy, without quoting it", async () => {
    const policy = (text: string) => failures("s3/bucketPolicy:BucketPolicy", { bucket: "bucket", policy: text });
    assert.match((await policy("{nonsense")).join("\n"), /^policy: is not JSON: /);
    assert.deepEqual(await policy("[]"), ["policy: must be a policy document: a JSON object with a Statement"]);
  });

  it("passes what is unknown, and judges what is beside it", async () => {
    const rule = { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN } };
    const type = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    assert.deepEqual(await failures(type, { bucket: UNKNOWN, rules: [rule] }), []);
    assert.deepEqual(await failures(type, { bucket: UNKNOWN, rules: UNKNOWN }), []);
    const wrong = { ...rule, bucketKeyEnabled: "yes" };
    assert.deepEqual(await failures(type, { bucket: UNKNOWN, rules: [wrong] }), [
      'rules[0].bucketKeyEnabled: must be a boolean; got "yes"',
    ]);
  });

  it("refuses a replication that S3 would", async () => {
    const rule = {
      id: "everything",
      status: "Enabled",
      filter: { prefix: "" },
      deleteMarkerReplication: { status: "Disabled" },
      destination: { bucket: "arn:aws:s3:::copy" },
    };
    const said = (changes: object) =>
      failures("s3/bucketReplicationConfig:BucketReplicationConfig", {
        bucket: "bucket",
        role: UNKNOWN,
        rules: [{ ...rule, ...changes }],
      });
    assert.deepEqual(await said({}), []);
    assert.deepEqual(await said({ deleteMarkerReplication: undefined }), [
      "rules[0]: must say deleteMarkerReplication where it has a filter",
    ]);
    assert.deepEqual(await said({ sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } } }), [
      "rules[0]: must name a replicaKmsKeyId where it copies what a KMS key encrypts",
    ]);
    assert.deepEqual(await said({ destination: { bucket: "copy" } }), [
      'rules[0].destination.bucket: must be the ARN of a bucket; got "copy"',
    ]);
    assert.deepEqual(
      await said({ destination: { ...rule.destination, accessControlTranslation: { owner: "Destination" } } }),
      ["rules[0]: must name the account that is to own the copies"],
    );
  });

  it("refuses an association of EKS that lacks whose it is, and an argument that it does not know", async () => {
    const association = { clusterName: "prod", namespace: "mplp", roleArn: UNKNOWN };
    const type = "eks/podIdentityAssociation:PodIdentityAssociation";
    assert.match((await failures(type, association)).join(), /^serviceAccount: is required/);
    assert.deepEqual(await failures(type, { ...association, serviceAccount: "job", targetRoleArn: "arn" }), [
      "targetRoleArn: is not supported by the aws stand-in's aws:eks/podIdentityAssociation:PodIdentityAssociation; use the vendor's plugin for it",
    ]);
  });

  it("takes a region for all but IAM's, which has none", async () => {
    assert.deepEqual(await failures("s3/bucket:Bucket", { bucket: "bucket", region: "eu-west-1" }), []);
    const role = { name: "role", assumeRolePolicy: '{"Statement":[]}', region: "eu-west-1" };
    assert.match((await failures("iam/role:Role", role)).join(), /^region: is not supported/);
  });

  it("refuses settings that contradict each other", async () => {
    const lock = { bucket: "bucket", rule: { defaultRetention: { mode: "GOVERNANCE", days: 1, years: 1 } } };
    assert.deepEqual(await failures("s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", lock), [
      "rule.defaultRetention: must have either days or years",
    ]);
    const idle = { bucket: "bucket", rules: [{ id: "idle", status: "Enabled" }] };
    assert.deepEqual(await failures("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", idle), [
      "rules[0]: must do something: an expiration or a transition",
    ]);
  });
});
