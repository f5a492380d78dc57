import assert from "node:assert/strict";
import { stacks } from "../stack.ts";
import { declaration } from "./program.ts";
import { type Servers, startServers } from "./servers.ts";

describe("A bucket that was made, but not as declared", function () {
  this.timeout("2m");
  const stack = stacks();
  let servers: Servers;

  before(async () => {
    servers = await startServers();
  });

  it("is in the state with its reason, is finished by the next up, and is deleted with the stack", async () => {
    const bucket = "upkeep-partial";
    const own = await stack();
    const program = (service: string) => ({
      package: "aws" as const,
      provider: servers.provider,
      resources: [declaration("s3/bucket:Bucket", "bucket", { bucket, tags: { service } })],
    });
    const failed = await own.up(program("<not a tag>"));
    assert.notEqual(failed.exitCode, 0);
    const recorded = await own.recorded("bucket");
    assert.equal(recorded?.id, bucket);
    assert.match(recorded?.initErrors?.join() ?? "", /^InvalidTag: /);

    const finished = await own.up(program("tapio"));
    assert.match(finished.text, /~ 1 updated/);
    assert.equal((await own.recorded("bucket"))?.initErrors, undefined);
    const { TagSet } = await servers.aws(["s3api", "get-bucket-tagging", "--bucket", bucket]);
    assert.deepEqual(TagSet, [{ Key: "service", Value: "tapio" }]);
    await own.run(["destroy", "--yes", "--skip-preview"]);
    await assert.rejects(servers.aws(["s3api", "head-bucket", "--bucket", bucket]), /Not Found/);
  });
});
