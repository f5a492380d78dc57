import assert from "node:assert/strict";
import { type Recorded, Stack, stepOf } from "../stack.ts";
import { backupBucket, bucketPolicy, changed, readPolicy, rules, trust } from "./program.ts";
import { type Servers, startServers } from "./servers.ts";

describe("A backup bucket deployed through the aws stand-in", function () {
  this.timeout("2m");
  const bucket = "upkeep-backups";
  const ofBucket = ["--bucket", bucket];
  let servers: Servers;
  let stack: Stack;
  let program: ReturnType<typeof backupBucket>;

  before(async () => {
    servers = await startServers();
    program = backupBucket(servers, bucket);
    stack = await Stack.create();
    const { exitCode, text } = await stack.up(program);
    assert.equal(exitCode, 0, text);
  });
  after(() => stack?.remove());

  const s3api = (command: string, ...args: string[]) => servers.aws(["s3api", command, ...ofBucket, ...args]);
  const recordedSettings = (command: string, ...args: string[]) =>
    servers.aws(["s3api", command, ...ofBucket, ...args], "sandbox-settings");

  it("has on the server exactly the settings that were declared", async () => {
    const [versioning, lock, encryption, ownership, policy, tagging] = await Promise.all([
      s3api("get-bucket-versioning"),
      s3api("get-object-lock-configuration"),
      s3api("get-bucket-encryption"),
      s3api("get-bucket-ownership-controls"),
      s3api("get-bucket-policy"),
      s3api("get-bucket-tagging"),
    ]);
    assert.deepEqual(versioning, { Status: "Enabled" });
    assert.deepEqual(lock.ObjectLockConfiguration, {
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 7 } },
    });
    assert.deepEqual(encryption.ServerSideEncryptionConfiguration.Rules, [
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false },
    ]);
    assert.deepEqual(ownership.OwnershipControls.Rules, [{ ObjectOwnership: "BucketOwnerPreferred" }]);
    const [tlsOnly, deletions] = bucketPolicy(bucket).Statement;
    assert.deepEqual(JSON.parse(policy.Policy).Statement, [
      { ...tlsOnly, Action: tlsOnly?.Action[0] },
      { ...deletions, Resource: deletions?.Resource[0] },
    ]);
    assert.deepEqual(
      new Map(tagging.TagSet.map((tag: { Key: string; Value: string }) => [tag.Key, tag.Value])),
      new Map([
        ["made-by", "upkeep"],
        ["service", "mplp"],
      ]),
    );
  });

  it("has on the server the lifecycle that can be enforced, and the transitions in the record of settings", async () => {
    const enforced = await s3api("get-bucket-lifecycle-configuration");
    assert.deepEqual(enforced.Rules, [
      {
        ID: "database",
        Status: "Enabled",
        Filter: { Prefix: "database/" },
        Expiration: { Days: 90 },
        NoncurrentVersionExpiration: { NoncurrentDays: 7, NewerNoncurrentVersions: 2 },
      },
      {
        ID: "drills",
        Status: "Disabled",
        Filter: { And: { Prefix: "drills/", Tags: [{ Key: "kind", Value: "drill" }], ObjectSizeGreaterThan: 1024 } },
        Expiration: { Days: 3 },
      },
      {
        ID: "uploads",
        Status: "Enabled",
        Filter: { Prefix: "" },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ]);
    const recorded = await recordedSettings("get-bucket-lifecycle-configuration");
    assert.deepEqual(recorded.Rules, [
      {
        ID: "database",
        Status: "Enabled",
        Filter: { Prefix: "database/" },
        Transitions: [{ Days: 30, StorageClass: "STANDARD_IA" }],
        NoncurrentVersionTransitions: [{ NoncurrentDays: 3, StorageClass: "GLACIER" }],
      },
      {
        ID: "archive",
        Status: "Enabled",
        Filter: { Prefix: "archive/" },
        Transitions: [{ Days: 0, StorageClass: "GLACIER_IR" }],
      },
    ]);
  });

  it("has its public access blocked in the record of settings", async () => {
    const { PublicAccessBlockConfiguration } = await recordedSettings("get-public-access-block");
    assert.deepEqual(PublicAccessBlockConfiguration, {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    });
  });

  it("has its key, alias, role and role policy in KMS and IAM as declared", async () => {
    const key = await recorded("key");
    const [description, rotation, aliases, role, rolePolicy] = await Promise.all([
      servers.aws(["kms", "describe-key", "--key-id", key.id]),
      servers.aws(["kms", "get-key-rotation-status", "--key-id", key.id]),
      servers.aws(["kms", "list-aliases", "--key-id", key.id]),
      servers.aws(["iam", "get-role", "--role-name", bucket]),
      servers.aws(["iam", "get-role-policy", "--role-name", bucket, "--policy-name", "read"]),
    ]);
    assert.equal(description.KeyMetadata.Description, "backups");
    assert.equal(description.KeyMetadata.Arn, key.outputs.arn);
    assert.equal(rotation.KeyRotationEnabled, true);
    assert.equal(aliases.Aliases[0].AliasName, `alias/${bucket}`);
    assert.deepEqual(role.Role.AssumeRolePolicyDocument, trust);
    assert.equal(role.Role.Arn, (await recorded("role")).outputs.arn);
    assert.deepEqual(role.Role.Tags, [{ Key: "made-by", Value: "upkeep" }]);
    assert.deepEqual(rolePolicy.PolicyDocument, readPolicy(bucket));
  });

  it("has in the state the outputs that the vendor's has, and one whole lifecycle", async () => {
    const { id, outputs } = await recorded("bucket");
    assert.equal(id, bucket);
    assert.deepEqual(outputs, {
      bucket,
      arn: `arn:aws:s3:::${bucket}`,
      bucketDomainName: `${bucket}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${bucket}.s3.eu-central-1.amazonaws.com`,
      bucketRegion: "eu-central-1",
      region: "eu-central-1",
      forceDestroy: false,
      objectLockEnabled: true,
      tags: { "made-by": "upkeep", service: "mplp" },
      tagsAll: { "made-by": "upkeep", service: "mplp" },
    });
    const [database, drills, archive, uploads] = rules;
    assert.deepEqual((await recorded("lifecycle")).outputs.rules, [
      database,
      drills,
      archive,
      { ...uploads, filter: { prefix: "" } },
    ]);
  });

  it("is unchanged by a second up, and preview says so", async () => {
    const before = await recorded("key");
    assert.ok(before.outputs.arn);
    const { steps, text } = await stack.preview(program);
    assert.deepEqual(new Set(steps.map(({ op }) => op)), new Set(["same"]), text);
    const outcome = await stack.up(program);
    assert.match(outcome.text, /Resources:\n +14 unchanged\n/);
    assert.deepEqual(await recorded("key"), before);
  });

  it("shows in a refresh what was changed or deleted by hand, and the next up puts it back", async () => {
    const { id: key } = await recorded("key");
    await Promise.all([
      s3api("put-object-lock-configuration", "--object-lock-configuration", '{"ObjectLockEnabled":"Enabled"}'),
      s3api("put-bucket-tagging", "--tagging", "TagSet=[{Key=service,Value=other}]"),
      recordedSettings("put-public-access-block", "--public-access-block-configuration", "BlockPublicAcls=true"),
      servers.aws(["iam", "tag-role", "--role-name", bucket, "--tags", "Key=by,Value=hand"]),
      servers.aws(["kms", "disable-key-rotation", "--key-id", key]),
      s3api("delete-bucket-policy"),
      s3api("delete-bucket-encryption"),
      servers.aws(["kms", "delete-alias", "--alias-name", `alias/${bucket}`]),
      servers.aws(["iam", "delete-role-policy", "--role-name", bucket, "--policy-name", "read"]),
    ]);
    const refreshed = await stack.run(["refresh", "--yes", "--skip-preview"]);
    assert.match(refreshed.text, /~ 5 updated\n +- 4 deleted/);
    assert.deepEqual((await recorded("bucket")).outputs.tags, { service: "other" });
    assert.equal((await recorded("lock")).outputs.rule, undefined);
    assert.equal((await recorded("public-access")).outputs.blockPublicPolicy, false);
    assert.equal((await recorded("key")).outputs.enableKeyRotation, false);
    assert.equal(await stack.recorded("policy"), undefined);
    const { steps } = await stack.preview(program);
    assert.deepEqual(stepOf(steps, "role")?.detailedDiff, { "tags.by": { kind: "delete", inputDiff: true } });

    const outcome = await stack.up(program);
    assert.match(outcome.text, /\+ 4 created\n +~ 5 updated/);
    const [lock, { Role }, policy] = await Promise.all([
      s3api("get-object-lock-configuration"),
      servers.aws(["iam", "get-role", "--role-name", bucket]),
      s3api("get-bucket-policy"),
    ]);
    assert.equal(lock.ObjectLockConfiguration.Rule.DefaultRetention.Days, 7);
    assert.deepEqual(Role.Tags, [{ Key: "made-by", Value: "upkeep" }]);
    assert.equal(JSON.parse(policy.Policy).Statement.length, 2);
  });

  it("is updated in place where it can be, and not for another spelling of a policy or another order of rules", async () => {
    const [tlsOnly, deletions] = bucketPolicy(bucket).Statement;
    const spelledOtherwise = {
      Statement: [
        { ...deletions, Action: deletions?.Action.toReversed(), Resource: `arn:aws:s3:::${bucket}/*` },
        { ...tlsOnly, Principal: { AWS: ["*"] } },
      ],
      Version: "2012-10-17",
    };
    const shorter = rules.map((rule) => (rule.id === "drills" ? { ...rule, expiration: { days: 2 } } : rule));
    const next = changed(program, {
      policy: { policy: JSON.stringify(spelledOtherwise) },
      lifecycle: { rules: shorter.toReversed() },
      key: { description: "dumps" },
    });
    const { steps, text: preview } = await stack.preview(next);
    const updates = steps.filter(({ op }) => op !== "same").map(({ urn, op }) => [urn.split("::").at(-1), op]);
    assert.deepEqual(Object.fromEntries(updates), { lifecycle: "update", key: "update" }, preview);
    assert.deepEqual(stepOf(steps, "lifecycle")?.detailedDiff, {
      "rules[1].expiration.days": { kind: "update", inputDiff: true },
    });
    const { text } = await stack.up(next);
    assert.match(text, /~ 2 updated/);
    const [{ Rules }, { KeyMetadata }] = await Promise.all([
      s3api("get-bucket-lifecycle-configuration"),
      servers.aws(["kms", "describe-key", "--key-id", (await recorded("key")).id]),
    ]);
    assert.equal(Rules[1].Expiration.Days, 2);
    assert.equal(KeyMetadata.Description, "dumps");
  });

  it("is replaced where AWS cannot change it: names, object lock, a key's usage", async () => {
    const { steps } = await stack.preview(
      changed(program, {
        bucket: { objectLockEnabled: false },
        key: { keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "RSA_2048", enableKeyRotation: false },
        alias: { name: "alias/other" },
        role: { path: "/upkeep/" },
        "role-policy": { name: "other" },
      }),
    );
    const replaced = steps.filter(({ op }) => op === "replace").map(({ urn }) => urn.split("::").at(-1));
    // The settings go with their bucket, which has to be deleted before another can have its name.
    const settings = ["versioning", "lock", "encryption", "ownership", "public-access", "policy", "lifecycle"];
    assert.deepEqual(new Set(replaced), new Set(["alias", "bucket", "key", "role", "role-policy", ...settings]));
    assert.equal(stepOf(steps, "bucket")?.detailedDiff?.objectLockEnabled?.kind, "update-replace");

    const before = await recorded("role");
    const { text } = await stack.up(changed(program, { role: { path: "/upkeep/" }, alias: { name: "alias/other" } }));
    assert.match(text, /\+-3 replaced|\+-2 replaced/);
    const { Role } = await servers.aws(["iam", "get-role", "--role-name", bucket]);
    assert.equal(Role.Path, "/upkeep/");
    assert.notEqual((await recorded("role")).outputs.uniqueId, before.outputs.uniqueId);
    const { Aliases } = await servers.aws(["kms", "list-aliases", "--key-id", (await recorded("key")).id]);
    assert.deepEqual(
      Aliases.map(({ AliasName }: { AliasName: string }) => AliasName),
      ["alias/other"],
    );
  });

  it("is not deleted while it holds a version, in S3's words, unless forceDestroy is set; its key waits the declared days", async () => {
    await s3api("put-object", "--key", "dump");
    const { id: key } = await recorded("key");
    const refused = await stack.run(["destroy", "--yes", "--skip-preview"]);
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.text, /BucketNotEmpty: The bucket you tried to delete is not empty/);
    assert.ok(await stack.recorded("bucket"));

    const forced = changed(program, { bucket: { forceDestroy: true } });
    await stack.up({ ...forced, resources: forced.resources.filter(({ name }) => name === "bucket") });
    const destroyed = await stack.run(["destroy", "--yes", "--skip-preview"]);
    assert.equal(destroyed.exitCode, 0, destroyed.text);
    await assert.rejects(s3api("head-bucket"), /Not Found/);
    const { KeyMetadata } = await servers.aws(["kms", "describe-key", "--key-id", key]);
    assert.equal(KeyMetadata.KeyState, "PendingDeletion");
    const days = (KeyMetadata.DeletionDate * 1000 - Date.now()) / 86_400_000;
    assert.equal(Math.round(days), 9);
  });

  async function recorded(name: string): Promise<Required<Recorded>> {
    const found = await stack.recorded(name);
    assert.ok(found, `${name} is not in the state`);
    return found as Required<Recorded>;
  }
});
