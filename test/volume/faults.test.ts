import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { clear, described, noise, settle } from "../support/tree.ts";
import { bucket, type Claim, claimOf, job, keys, newest, removeClaim, runOnce } from "../support/volume.ts";

const OWNER = 1000;
const aside = `tests/${Date.now()}/`;
const drill = "js-mcp-sessions-drill";

describe("a volume's backup that cannot be made", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  let from: Claim;
  let to: Claim;
  /** A chunk that the published backup needs. */
  let chunk: string;

  before(async () => {
    sandbox = await sandboxUnderTest();
    from = await claimOf(sandbox, "volume-test", OWNER);
    to = await claimOf(sandbox, "js-mcp-sessions-restored", 0);
    writeFileSync(join(from.folder, "small"), "text\n");
    writeFileSync(join(from.folder, "large"), noise(6 * 1024 ** 2, "large"));
    await settle(from.folder, OWNER);
    const { succeeded, log } = await backUp();
    assert.ok(succeeded, log);
    [chunk = ""] = await keys(sandbox, `${aside}data/chunks/`);
  });
  after(async () => {
    await removeClaim(sandbox, from);
    await removeClaim(sandbox, to);
  });

  const backUp = (env: Record<string, string> = {}, more: Parameters<typeof runOnce>[2] = {}, meanwhile = nothing) =>
    runOnce(sandbox, job, { claim: from.name, env: { PREFIX: aside, ...env }, ...more }, meanwhile);
  const nothing = async () => {};

  /** The run failed as said, published nothing, and what was published before comes back. */
  async function failed({ exitCodes, log }: Awaited<ReturnType<typeof backUp>>, says: RegExp, before: string[]) {
    assert.equal(exitCodes.backup, 1, log);
    assert.match(log, says);
    assert.deepEqual(await keys(sandbox, `${aside}manifests/`), before);
  }

  it("because a file may not be read says which, and publishes nothing", async () => {
    const before = await keys(sandbox, `${aside}manifests/`);
    chmodSync(join(from.folder, "small"), 0);
    await execa("chown", ["0:0", join(from.folder, "small")]);
    try {
      const says =
        /^\/volume\/small cannot be read: EACCES: .*; nothing is published; correct its mode, or the declared uid and gid, which are 1000 and 1000$/m;
      await failed(await backUp(), says, before);
    } finally {
      chmodSync(join(from.folder, "small"), 0o644);
      await settle(from.folder, OWNER);
    }
  });

  it("because a file changes each time that it is read says which, and publishes nothing", async () => {
    const before = await keys(sandbox, `${aside}manifests/`);
    // Half a gigabyte of holes takes a while to read: no writer that a busy machine keeps waiting misses all of it.
    const growing = join(from.folder, "growing");
    writeFileSync(growing, "");
    truncateSync(growing, 512 * 1024 ** 2);
    await settle(from.folder, OWNER);
    const writer = execa("sh", ["-c", 'while printf x >>"$0"; do :; done', growing], { reject: false });
    try {
      const run = await backUp();
      await failed(
        run,
        /^\/volume\/growing changed each of the 5 times that it was read: nothing is published/m,
        before,
      );
    } finally {
      writer.kill("SIGKILL");
      await writer;
      rmSync(growing);
    }
  });

  it("because S3 refuses says what S3 said, and publishes nothing", async () => {
    const before = await keys(sandbox, `${aside}manifests/`);
    const run = await backUp({ AWS_SECRET_ACCESS_KEY: "wrong" });
    await failed(run, /S3 answers 403 \w+: /, before);
  });

  it("because S3 cannot be reached says so after a few tries, and publishes nothing", async () => {
    const before = await keys(sandbox, `${aside}manifests/`);
    const run = await backUp({ AWS_ENDPOINT_URL_S3: "https://s3.upkeep-sandbox.svc.cluster.local:9" });
    await failed(run, /S3 cannot be reached: .*; tried 6 times$/m, before);
  });

  it("because the volume is empty publishes nothing", async () => {
    const before = await keys(sandbox, `${aside}manifests/`);
    await execa("mv", [join(from.folder, "small"), join(from.folder, "large"), `${from.folder}/..`]);
    try {
      await failed(await backUp(), /^the volume holds no file: it is not published/m, before);
    } finally {
      for (const name of ["small", "large"]) await execa("mv", [join(from.folder, "..", name), from.folder]);
    }
  });

  it("is drilled every byte, and the drill's record says so", async () => {
    const { succeeded, log } = await runOnce(sandbox, drill, { env: { PREFIX: aside } });
    assert.ok(succeeded, log);
    const [record, ...more] = await records();
    assert.deepEqual(more, []);
    assert.equal(record.passed, true);
    assert.equal(record.bytes, 6 * 1024 ** 2 + 5);
  });

  it("is found out by its drill and refused by a restore where a chunk is damaged", async () => {
    const kept = join(sandbox.settings.directory, "chunk");
    await sandbox.aws("s3", "cp", `s3://${bucket}/${chunk}`, kept);
    const damaged = readFileSync(kept);
    damaged[damaged.length - 6] = (damaged.at(-6) as number) ^ 1;
    writeFileSync(`${kept}-damaged`, damaged);
    await sandbox.aws("s3", "cp", `${kept}-damaged`, `s3://${bucket}/${chunk}`);
    try {
      const drilled = await runOnce(sandbox, drill, { env: { PREFIX: aside } });
      assert.equal(drilled.exitCodes.drill, 20, drilled.log);
      assert.match(drilled.log, new RegExp(`s3://${bucket}/${chunk} is damaged: `));
      const last = (await records()).at(-1);
      assert.equal(last.passed, false);
      assert.match(last.failed, /is damaged: /);
      const restored = await runOnce(sandbox, `${job}-restore`, { env: { PREFIX: aside } });
      assert.equal(restored.succeeded, false);
      assert.match(restored.log, new RegExp(`${chunk} is damaged: `));
    } finally {
      await sandbox.aws("s3", "cp", kept, `s3://${bucket}/${chunk}`);
      await clear(to.folder);
    }
  });

  it("leaves what was published before: it comes back as it was", async () => {
    const { files } = await newest(sandbox, aside);
    const { succeeded, log } = await runOnce(sandbox, `${job}-restore`, { env: { PREFIX: aside } });
    assert.ok(succeeded, log);
    assert.equal(files, 2);
    assert.deepEqual(described(to.folder), described(from.folder));
    assert.equal(existsSync(join(to.folder, "small")), true);
  });

  it("of which much is gone is suspect, and holds the last good one, whose chunks come back though the lifecycle hides them", async () => {
    const before = described(from.folder);
    const chunks = await keys(sandbox, `${aside}data/chunks/`);
    await clear(to.folder);
    rmSync(join(from.folder, "large"));
    const first = await backUp();
    assert.equal(first.exitCodes.publish, 3, first.log);
    assert.match(first.log, /published as suspect.*fileBytes fell from/);
    // Thousands of them are held by the run after it, once.
    const second = await backUp();
    assert.equal(second.exitCodes.publish, 3, second.log);
    assert.match(second.log, /is suspect: \d+ chunks of the week of \S+ are held beyond their time/);
    assert.doesNotMatch(first.log + (await backUp()).log, /are held beyond their time/);
    for (const key of chunks) {
      const hold = ["s3api", "get-object-legal-hold", "--bucket", bucket, "--key", key, "--query=LegalHold.Status"];
      assert.equal(await sandbox.aws(...hold, "--output=text"), "ON", key);
      await sandbox.aws("s3api", "delete-object", "--bucket", bucket, "--key", key);
    }
    assert.deepEqual(await keys(sandbox, `${aside}data/chunks/`), []);
    const restored = await runOnce(sandbox, `${job}-restore`, { env: { PREFIX: aside } });
    assert.ok(restored.succeeded, restored.log);
    assert.deepEqual(described(to.folder), before);
  });

  // biome-ignore lint/suspicious/noExplicitAny: a record's fields are named by the assertions
  async function records(): Promise<any[]> {
    const found = await keys(sandbox, `${aside}drills/`);
    return Promise.all(
      found.map(async (key) => JSON.parse(await sandbox.aws("s3", "cp", `s3://${bucket}/${key}`, "-"))),
    );
  }
});
