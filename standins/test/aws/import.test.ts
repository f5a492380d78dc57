import assert from "node:assert/strict";
import { type Program, stacks } from "../stack.ts";
import { declaration } from "./program.ts";
import { type Servers, startServers } from "./servers.ts";

describe("Importing with the aws stand-in", function () {
  this.timeout("2m");
  const stack = stacks();
  let servers: Servers;

  before(async () => {
    servers = await startServers();
  });

  it("takes over a bucket that exists, with its real settings, and refuses one that does not", async () => {
    const bucket = "upkeep-made-by-hand";
    const s3api = (command: string, ...args: string[]) => servers.aws(["s3api", command, "--bucket", bucket, ...args]);
    await s3api("create-bucket", "--object-lock-enabled-for-bucket");
    await Promise.all([
      s3api("put-bucket-tagging", "--tagging", "TagSet=[{Key=service,Value=tapio}]"),
      s3api("put-bucket-lifecycle-configuration", "--lifecycle-configuration", JSON.stringify({ Rules: [byHand] })),
    ]);
    const role = "made-by-hand";
    const trust = '{"Version":"2012-10-17","Statement":[]}';
    await servers.aws(["iam", "create-role", "--role-name", role, "--assume-role-policy-document", trust]);
    const { KeyMetadata: key } = await servers.aws(["kms", "create-key", "--description", "by hand"]);

    const imported = await stack();
    const program: Program = {
      package: "aws",
      provider: servers.provider,
      resources: [
        declaration("s3/bucket:Bucket", "bucket", {
          bucket,
          objectLockEnabled: true,
          tags: { service: "tapio" },
        }),
        declaration("s3/bucketVersioning:BucketVersioning", "versioning", {
          bucket,
          versioningConfiguration: { status: "Enabled" },
        }),
        declaration("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "lifecycle", {
          bucket,
          rules: [{ id: "old", status: "Enabled", filter: { prefix: "" }, expiration: { days: 30 } }],
        }),
        declaration("iam/role:Role", "role", { name: role, assumeRolePolicy: trust }),
        declaration("kms/key:Key", "key", { description: "by hand" }),
      ],
    };
    const ids = [bucket, bucket, bucket, role, key.KeyId];
    const importing = program.resources.map((resource, index) => ({
      ...resource,
      options: { import: ids[index] ?? "" },
    }));
    const outcome = await imported.up({ ...program, resources: importing });
    assert.equal(outcome.exitCode, 0, outcome.text);
    assert.match(outcome.text, /= 5 imported/);
    const { outputs } = (await imported.recorded("lifecycle")) ?? {};
    assert.deepEqual(outputs?.rules, [
      { id: "old", status: "Enabled", filter: { prefix: "" }, expiration: { days: 30 } },
    ]);
    assert.match((await imported.up(program)).text, /Resources:\n +7 unchanged/);

    const absent = declaration("s3/bucket:Bucket", "absent", { bucket: "upkeep-absent" });
    const refused = await imported.up({
      ...program,
      resources: [...program.resources, { ...absent, options: { import: "upkeep-absent" } }],
    });
    assert.match(refused.text, /resource 'upkeep-absent' does not exist/);
  });
});

const byHand = { ID: "old", Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 30 } };
