import assert from "node:assert/strict";
import { appendFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { clear, described, fill, lostAndFound, NOT_UTF8, noise, settle } from "../support/tree.ts";
import { type Claim, claimOf, job, keys, newest, removeClaim, runOnce } from "../support/volume.ts";

/** The user and group that own the files of the namespace's volumes, as services/js-mcp.ts declares. */
const OWNER = 1000;
/** Where copies of the Job publish that are not the service's backup. */
const aside = `tests/${Date.now()}/`;

describe("a volume's backup", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  let from: Claim;
  let to: Claim;

  before(async () => {
    sandbox = await sandboxUnderTest();
    from = await claimOf(sandbox, "volume-test", OWNER);
    // As a new volume is: root's.
    to = await claimOf(sandbox, "js-mcp-sessions-restored", 0);
    await fill(from.folder, OWNER);
    lostAndFound(from.folder);
    lostAndFound(to.folder);
  });
  after(async () => {
    await removeClaim(sandbox, from);
    await removeClaim(sandbox, to);
  });

  const backUp = () => runOnce(sandbox, job, { claim: from.name, env: { PREFIX: aside } });
  const restore = (env: Record<string, string> = {}) =>
    runOnce(sandbox, `${job}-restore`, { env: { PREFIX: aside, ...env } });

  it("is published with what it holds, and says what it skipped", async () => {
    const { succeeded, log } = await backUp();
    assert.ok(succeeded, log);
    assert.match(log, /^left out 1 sockets, pipes and devices/m);
    const files = Object.values(described(from.folder)).filter((one) => one.startsWith("file of"));
    const manifest = await newest(sandbox, aside);
    assert.equal(manifest.kind, "volume");
    assert.equal(manifest.files, files.length);
    assert.equal(
      manifest.fileBytes,
      files.reduce((sum, one) => sum + Number(one.split(" ")[2]), 0),
    );
    assert.match(manifest.key, /\.index$/);
    const chunks = await keys(sandbox, `${aside}data/chunks/`);
    assert.equal(chunks.length, manifest.chunks);
    // 300 small files are no 300 requests: about 6 MB of them share chunks of 1 MiB.
    assert.ok(chunks.length < 40, `${chunks.length} chunks`);
  });

  it("restored into a new claim is the same, file by file, whatever they are and are called", async () => {
    const { succeeded, log } = await restore();
    assert.ok(succeeded, log);
    const wanted = described(from.folder);
    for (const name of [NOT_UTF8, "empty", "empty folder", "sparse", "link", "dangling"])
      assert.ok(name in wanted, name);
    assert.equal(wanted["zz hard link"], "the same file as plain.txt");
    assert.deepEqual(described(to.folder), wanted);
  });

  it("restored holds holes where the volume had them", () => {
    const { size, blocks } = statSync(join(to.folder, "sparse"));
    assert.equal(size, 70_000_000);
    assert.ok(blocks * 512 < 20_000_000, `${blocks} blocks`);
  });

  it("is not restored over what is there", async () => {
    const { succeeded, log, exitCodes } = await restore();
    assert.equal(succeeded, false);
    assert.equal(exitCodes.restore, 1);
    assert.match(log, /\/restored is not empty \(.*\): a restore never overwrites; make a new claim, or empty it/s);
    assert.deepEqual(described(to.folder), described(from.folder));
  });

  it("is verified and nothing written on a dry run", async () => {
    await clear(to.folder);
    const { succeeded, log } = await restore({ DRY_RUN: "1" });
    assert.ok(succeeded, log);
    assert.match(log, /^verified \d+ files of \d+ bytes in \d+ chunks; nothing was written$/m);
    assert.deepEqual(readdirSync(to.folder), ["lost+found"]);
  });

  it("of a volume that did not change sends nothing but its index", async () => {
    const { succeeded, log } = await backUp();
    assert.ok(succeeded, log);
    assert.equal((await newest(sandbox, aside)).bytesUploaded, 0);
  });

  it("sends what changed and little else", async () => {
    writeFileSync(join(from.folder, "many/150"), noise(20_000, "changed"));
    appendFileSync(join(from.folder, "cut-above"), noise(1000, "more"));
    writeFileSync(join(from.folder, "new"), noise(2 * 1024 ** 2, "new"));
    rmSync(join(from.folder, "many/10"));
    await settle(from.folder, OWNER);
    const { succeeded, log } = await backUp();
    assert.ok(succeeded, log);
    const { bytesUploaded, fileBytes } = await newest(sandbox, aside);
    // The chunks that small files share with a changed one or a gone one, the end of a large one, and a new file.
    const most = 2 * 4 * 1024 ** 2 + 2000 + 2.1 * 1024 ** 2;
    assert.ok(bytesUploaded > 2 * 1024 ** 2 && bytesUploaded < most, `${bytesUploaded} bytes of ${fileBytes}`);
    const restored = await restore();
    assert.ok(restored.succeeded, restored.log);
    assert.deepEqual(described(to.folder), described(from.folder));
  });

  it("restored as it was before a time is the earlier one", async () => {
    await clear(to.folder);
    const { startedAt } = await newest(sandbox, aside);
    const { succeeded, log } = await restore({ BEFORE: startedAt });
    assert.ok(succeeded, log);
    const found = described(to.folder);
    assert.ok("many/10" in found && !("new" in found), log);
  });
});
