import assert from "node:assert/strict";
import { type Declaration, type Program, Stack, stacks } from "../stack.ts";
import { declaration, trust } from "./program.ts";
import { account, type Servers, startServers } from "./servers.ts";

describe("The aws stand-in refuses", function () {
  this.timeout("2m");
  const other = stacks();
  let servers: Servers;
  let stack: Stack;

  before(async () => {
    [servers, stack] = await Promise.all([startServers(), Stack.create()]);
  });
  after(() => stack?.remove());

  const program = (resources: Declaration[], provider: object = {}): Program => ({
    package: "aws",
    provider: { ...servers.provider, ...provider },
    resources,
  });
  const bucket = declaration("s3/bucket:Bucket", "bucket", { bucket: "upkeep-refused" });

  it("in preview a type that it does not know, by its name", async () => {
    const { exitCode, text } = await stack.preview(program([declaration("sqs/queue:Queue", "queue", {})]));
    assert.notEqual(exitCode, 0);
    assert.match(text, /aws 7\.48\.0 does not support aws:sqs\/queue:Queue/);
  });

  it("in preview a property that it does not know, and a value that AWS does not have, by their paths", async () => {
    const transitions = [{ date: "2030-01-01", days: 1, storageClass: "COLD" }];
    const lifecycle = declaration("s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "lifecycle", {
      bucket: "upkeep-refused",
      rules: [{ id: "database", status: "enabled", transitions }],
    });
    const { exitCode, text } = await stack.preview(program([lifecycle]));
    assert.notEqual(exitCode, 0);
    const printed = text.replaceAll("\\", "");
    assert.match(printed, /rules\[0\]\.status: must be one of "Enabled", "Disabled"; got "enabled"/);
    assert.match(printed, /rules\[0\]\.transitions\[0\]\.date: is not supported/);
    assert.match(printed, /rules\[0\]\.transitions\[0\]\.storageClass: must be one of "GLACIER", .*; got "COLD"/);
  });

  it("another account than the allowed, in the words of AWS's vendor", async () => {
    const allowed = await stack.preview(program([], { allowedAccountIds: [account] }));
    assert.equal(allowed.exitCode, 0, allowed.text);
    const { exitCode, text } = await stack.up(program([bucket], { allowedAccountIds: ["999999999999"] }));
    assert.notEqual(exitCode, 0);
    assert.match(text, /AWS account ID not allowed: 123456789012/);
    await assert.rejects(servers.aws(["s3api", "head-bucket", "--bucket", "upkeep-refused"]), /Not Found/);
  });

  it("a bucket that exists already, in the API's words", async () => {
    await servers.aws(["s3api", "create-bucket", "--bucket", "upkeep-taken"]);
    const taken = declaration("s3/bucket:Bucket", "bucket", { bucket: "upkeep-taken" });
    const { exitCode, text } = await stack.up(program([taken]));
    assert.notEqual(exitCode, 0);
    assert.match(text, /BucketAlready(Exists|OwnedByYou): /);
  });

  const nowhere: [what: string, resource: Declaration, words: RegExp][] = [
    [
      "a bucket in another region",
      declaration("s3/bucket:Bucket", "elsewhere", { bucket: "upkeep-elsewhere", region: "eu-west-1" }),
      /aws:s3\/bucket:Bucket in region eu-west-1: the stand-in's servers are in eu-central-1 alone/,
    ],
    [
      "a replication",
      declaration("s3/bucketReplicationConfig:BucketReplicationConfig", "replication", {
        bucket: "upkeep-refused",
        role: "arn:aws:iam::123456789012:role/copy",
        rules: [{ id: "all", status: "Enabled", destination: { bucket: "arn:aws:s3:::upkeep-copy" } }],
      }),
      /BucketReplicationConfig can be previewed, but not made: the sandbox has one region/,
    ],
    [
      "an association of EKS",
      declaration("eks/podIdentityAssociation:PodIdentityAssociation", "association", {
        clusterName: "prod",
        namespace: "mplp",
        serviceAccount: "job",
        roleArn: "arn:aws:iam::123456789012:role/job",
      }),
      /PodIdentityAssociation can be previewed, but not made: the sandbox's cluster is not EKS/,
    ],
  ];
  for (const [what, resource, words] of nowhere) {
    it(`to make ${what}, which its servers do not have, and previews it`, async () => {
      const previewed = await stack.preview(program([resource]));
      assert.equal(previewed.exitCode, 0, previewed.text);
      const { exitCode, text } = await stack.up(program([resource]));
      assert.notEqual(exitCode, 0);
      assert.match(text, words);
    });
  }

  it("in these tests, by AWS's own model, what its own check lets pass", async () => {
    const boundary = { name: "upkeep-bounded", assumeRolePolicy: JSON.stringify(trust), permissionsBoundary: "admin" };
    const { exitCode, text } = await stack.up(program([declaration("iam/role:Role", "bounded", boundary)]));
    assert.notEqual(exitCode, 0);
    assert.match(text, /iam CreateRole: \/PermissionsBoundary must NOT have fewer than 20 characters; got "admin"/);
  });

  it("an argument of the provider that it does not know, without showing its value", async () => {
    const { exitCode, text } = await stack.up(program([bucket], { secretKey: "do-not-show-me", insecure: true }));
    assert.notEqual(exitCode, 0);
    assert.match(text, /secretKey: is not supported/);
    assert.match(text, /insecure: is not supported/);
    assert.doesNotMatch(text + (await stack.stateFile()), /do-not-show-me/);
  });

  it("to change anything on another stack than the sandbox's, whose preview asks no server", async () => {
    const production = await other("production");
    const unreachable = { ...program([bucket]), provider: { region: "eu-central-1", profile: "production" } };
    const { exitCode, steps, text } = await production.preview(unreachable);
    assert.equal(exitCode, 0, text);
    assert.equal(steps.filter(({ op }) => op === "create").length, 3);
    const refused = await production.up(unreachable);
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.text, /refuses to create "bucket" on stack production/);
  });
});
