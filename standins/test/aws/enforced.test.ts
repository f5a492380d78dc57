import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bucketPolicy } from "../../../domain/bucket/bucketPolicy.ts";
import { type Servers, startServers } from "./servers.ts";

/** What no policy of IAM has to say: the server itself refuses it. */
describe("The sandbox's S3 server refuses", function () {
  this.timeout("3m");
  const bucket = "upkeep-enforced";
  const key = "database/data/daily/one.dump";
  let servers: Servers;
  let folder: string;
  let version: string;

  const s3api = (command: string, ...args: string[]) => servers.aws(["s3api", command, "--bucket", bucket, ...args]);
  const put = (name: string, ...args: string[]) =>
    s3api("put-object", "--key", name, "--body", join(folder, "dump"), ...args);

  before(async () => {
    servers = await startServers();
    folder = await mkdtemp(join(tmpdir(), "upkeep-enforced-"));
    await writeFile(join(folder, "dump"), "a dump");
    await s3api("create-bucket", "--object-lock-enabled-for-bucket");
    const retention = { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } } };
    await s3api("put-object-lock-configuration", "--object-lock-configuration", JSON.stringify(retention));
    const facts = { bucket, key: undefined, conditionalPuts: false, deployRole: undefined };
    await s3api("put-bucket-policy", "--policy", bucketPolicy(facts));
    ({ VersionId: version } = await put(key, "--if-none-match", "*"));
    assert.ok(version);
  });
  after(async () => {
    if (folder) await rm(folder, { recursive: true });
  });

  const stillThere = async () => {
    const { ContentLength } = await s3api("head-object", "--key", key, "--version-id", version);
    assert.equal(ContentLength, "a dump".length);
  };

  it("to put an object of a name that exists, where the put says so", async () => {
    await assert.rejects(put(key, "--if-none-match", "*"), /PreconditionFailed/);
  });

  it("to delete a version while it is locked; a delete marker hides it, and it stays", async () => {
    await assert.rejects(s3api("delete-object", "--key", key, "--version-id", version), /AccessDenied/);
    await s3api("delete-object", "--key", key);
    await stillThere();
  });

  it("to delete a version that is held, with the lock passed", async () => {
    const { VersionId: held } = await put("database/data/daily/held.dump");
    const one = ["--key", "database/data/daily/held.dump", "--version-id", held];
    await s3api("put-object-legal-hold", ...one, "--legal-hold", "Status=ON");
    await assert.rejects(s3api("delete-object", ...one, "--bypass-governance-retention"), /AccessDenied/);
  });

  it("plain HTTP", async () => {
    const { sharedConfigFiles } = servers.provider as { sharedConfigFiles: [string] };
    const [url] = /https:\/\/[\d.]+:\d+/.exec(await readFile(sharedConfigFiles[0], "utf8")) ?? [];
    assert.ok(url);
    const { status } = await fetch(`${url.replace("https:", "http:")}/${bucket}/${key}`);
    assert.equal(status, 400);
  });

  it("what does not match its checksum", async () => {
    const other = createHash("sha256").update("another dump").digest("base64");
    await assert.rejects(
      put("database/data/daily/two.dump", "--checksum-algorithm", "SHA256", "--checksum-sha256", other),
      /BadDigest|XAmzContentChecksumMismatch|InvalidRequest/,
    );
    await assert.rejects(s3api("head-object", "--key", "database/data/daily/two.dump"), /404|Not Found/);
  });
});
