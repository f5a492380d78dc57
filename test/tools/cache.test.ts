import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fakeGo, ScratchClone } from "./scratchClone.ts";

describe("a built tool", function () {
  this.timeout("2m");
  let scratch: ScratchClone;
  beforeEach(async () => {
    scratch = await ScratchClone.make();
  });
  afterEach(() => scratch.remove());

  const entries = () => readdir(join(scratch.folder, ".cache/tools"));

  it("is built once and then taken from the cache", async () => {
    const first = await scratch.tool("pause");
    assert.match(first.says, /^→ build pause \(about 5 s\)\n✓ build pause: [\d.]+ s$/);
    assert.deepEqual(await scratch.tool("pause"), { path: first.path, says: "", exitCode: 0 });
    assert.ok(existsSync(join(scratch.folder, ".cache/bin/pause")));
  });

  it("is built again when its go.mod or its source changes", async () => {
    const paths = new Set([(await scratch.tool("pause")).path]);
    for (const file of ["go.mod", "main.go"]) {
      await appendFile(join(scratch.folder, "sandbox/tools/pause", file), "\n// changed\n");
      paths.add((await scratch.tool("pause")).path);
    }
    assert.equal(paths.size, 3);
  });

  it("is built again after its build was killed, and no partial file remains", async () => {
    await scratch.program("go", ...(await fakeGo(`touch "\${GOTMPDIR:?}/half"; echo $$ > "$output"; exec sleep 60`)));
    const killed = scratch.start("pause");
    const half = await halfBuilt();
    killed.kill("SIGKILL");
    await killed;
    process.kill(Number(await readFile(half, "utf8")));

    await rm(join(scratch.bin, "go"));
    const { path, exitCode } = await scratch.tool("pause");
    assert.equal(exitCode, 0);
    assert.deepEqual(await entries(), [basename(dirname(path))]);
    assert.ok((await readFile(path)).length > 100_000);
  });

  /** Waits for a build to write its output. */
  async function halfBuilt(): Promise<string> {
    for (;;) {
      for (const entry of await entries().catch(() => [])) {
        const output = join(scratch.folder, ".cache/tools", entry, "pause");
        if (existsSync(output) && (await readFile(output, "utf8")).endsWith("\n")) return output;
      }
      await sleep(50);
    }
  }

  it("does not point into another clone that shares its cache", async () => {
    const other = await ScratchClone.make();
    try {
      await mkdir(join(scratch.folder, ".cache"));
      await symlink(join(scratch.folder, ".cache"), join(other.folder, ".cache"));
      const { path } = await other.tool("pause");
      assert.ok(path.startsWith(scratch.folder), path);
      assert.equal(await readlink(join(scratch.folder, ".cache/bin/pause")), path);
    } finally {
      await other.remove();
    }
  });

  it("is whole after two builds at once", async () => {
    const both = await Promise.all([scratch.tool("pause"), scratch.tool("pause")]);
    assert.deepEqual(
      both.map(({ exitCode }) => exitCode),
      [0, 0],
    );
    assert.equal((await entries()).length, 1);
    assert.equal((await scratch.tool("pause")).says, "");
  });

  it("is built again when its cache is corrupt, which it says", async () => {
    const { path } = await scratch.tool("pause");
    const size = (await readFile(path)).length;
    const damages: [string, () => Promise<void>][] = [
      [`pause has 1000 bytes instead of ${size}`, () => truncate(path, 1000)],
      ["pause is missing", () => rm(path)],
      ["pause is not executable", () => chmod(path, 0o644)],
      ["pause has another content", () => writeFile(path, Buffer.alloc(size))],
      ["manifest.json is missing or unreadable", () => rm(join(dirname(path), "manifest.json"))],
    ];
    for (const [damage, make] of damages) {
      await make();
      const { says, exitCode } = await scratch.tool("pause");
      const [first] = says.split("\n");
      assert.equal(first, `.cache/tools/${basename(dirname(path))} is corrupt (${damage}): making it again`);
      assert.equal(exitCode, 0);
      assert.equal((await readFile(path)).length, size);
    }
  });
});
