import assert from "node:assert/strict";
import { logBucketPolicy } from "../../../domain/bucket/bucketPolicy.ts";
import { type Program, stacks } from "../stack.ts";
import { changed, declaration } from "./program.ts";
import { account, type Servers, startServers } from "./servers.ts";

describe("A bucket whose accesses are logged, through the aws stand-in", function () {
  this.timeout("3m");
  const stack = stacks();
  const [source, logs] = ["upkeep-logged", "upkeep-logged-logs"];
  let servers: Servers;

  before(async () => {
    servers = await startServers();
  });

  const program = (): Program => ({
    package: "aws",
    provider: servers.provider,
    resources: [
      declaration("s3/bucket:Bucket", "source", { bucket: source }),
      declaration("s3/bucket:Bucket", "logs", { bucket: logs }),
      declaration("s3/bucketPolicy:BucketPolicy", "policy", {
        bucket: { $output: ["logs", "bucket"] },
        policy: logBucketPolicy(logs, source, account),
      }),
      declaration("s3/bucketLogging:BucketLogging", "logging", {
        bucket: { $output: ["source", "bucket"] },
        // Of the policy: S3 asks it whether logs may be written.
        targetBucket: { $output: ["policy", "bucket"] },
        targetPrefix: "access/",
      }),
    ],
  });
  const recorded = () => servers.aws(["s3api", "get-bucket-logging", "--bucket", source], "sandbox-settings");

  it("has its logging in the record of settings, is unchanged by a second up, and loses it when it goes", async () => {
    const own = await stack();
    const { exitCode, text } = await own.up(program());
    assert.equal(exitCode, 0, text);
    assert.deepEqual((await recorded()).LoggingEnabled, { TargetBucket: logs, TargetPrefix: "access/" });
    assert.match((await own.up(program())).text, /Resources:\n +6 unchanged\n/);
    const moved = changed(program(), { logging: { targetPrefix: "who/" } });
    assert.match((await own.up(moved)).text, /~ 1 updated/);
    assert.equal((await recorded()).LoggingEnabled.TargetPrefix, "who/");
    await own.up({ ...program(), resources: program().resources.slice(0, 3) });
    assert.equal((await recorded())?.LoggingEnabled, undefined);
  });

  it("is refused while the log bucket's policy does not let S3 write, in the API's words", async () => {
    const own = await stack();
    const bare = program();
    const renamed = changed(bare, {
      source: { bucket: "upkeep-unlogged" },
      logs: { bucket: "upkeep-unlogged-logs" },
      logging: { targetBucket: { $output: ["logs", "bucket"] } },
    });
    const { exitCode, text } = await own.up({
      ...renamed,
      resources: renamed.resources.filter(({ name }) => name !== "policy"),
    });
    assert.notEqual(exitCode, 0);
    assert.match(text, /InvalidTargetBucketForLogging: /);
  });
});
