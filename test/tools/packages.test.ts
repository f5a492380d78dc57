import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { program } from "./scratchClone.ts";

describe("make", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "upkeep-make-"));
    for (const file of ["Makefile", "package-lock.json"]) await cp(join(clone, file), join(folder, file));
    // Whatever Node is asked to run, it says so; npm makes what a real one would.
    await program(join(folder, "node"), `if [ "$1" = -p ]; then echo 20; else echo "ran $*"; fi`);
    await program(join(folder, "npm"), "mkdir -p node_modules && echo installed >> node_modules/.package-lock.json");
  });
  afterEach(() => rm(folder, { recursive: true }));

  const make = (...args: string[]) =>
    execa("make", ["--no-print-directory", ...args], {
      ...{
        cwd: folder,
        env: { PATH: `${folder}:/usr/bin:/bin`, MAKEFLAGS: "" },
        all: true,
        reject: false,
        stdin: "ignore",
      },
    });
  const installs = async () =>
    (await readFile(join(folder, "node_modules/.package-lock.json"), "utf8")).split("\n").length - 1;

  it("installs the packages first, and again only when the lock is newer", async () => {
    assert.match(
      (await make("up")).all,
      /^→ install Node packages \(about 1 min\)\n✓ install Node packages: \d+ s\nran sandbox\/cli.ts up$/,
    );
    assert.equal((await make("up")).all, "ran sandbox/cli.ts up");
    assert.equal(await installs(), 1);
    const later = new Date(Date.now() + 60_000);
    await utimes(join(folder, "package-lock.json"), later, later);
    await make("up");
    assert.equal(await installs(), 2);
  });

  it("passes the stack and the suite", async () => {
    assert.match((await make("preview", "STACK=prod")).stdout, /^ran cli\/main.ts preview prod$/);
    assert.match((await make("recover", "STACK=sandbox")).stdout, /^ran cli\/main.ts recover sandbox$/);
    assert.match((await make("test", "SUITE=unit")).stdout, /^ran test\/run.ts unit$/);
  });

  it("lists its targets when none is named", async () => {
    const { stdout } = await make();
    for (const target of ["up", "down", "status", "preview", "recover", "test", "clean"]) {
      assert.match(stdout, new RegExp(`^ {2}make ${target} +\\S`, "m"));
    }
  });

  it("removes what was built", async () => {
    await make("up");
    await make("clean");
    assert.equal((await execa("ls", ["-A", folder])).stdout, "Makefile\nnode\nnpm\npackage-lock.json");
  });

  it("asks for a newer Node where it is too old", async () => {
    await program(join(folder, "node"), `if [ "$1" = -p ]; then echo 18; else echo v18.20.1; fi`);
    const { stderr, exitCode } = await make("up");
    assert.equal(
      stderr.split("\n")[0],
      "Node 20 or newer is needed; the one on PATH is v18.20.1. Install it (https://nodejs.org/en/download), then run the same command again.",
    );
    assert.equal(exitCode, 2);
  });

  it("asks for Node and npm where one is missing", async () => {
    await rm(join(folder, "npm"));
    const { stdout: make } = await execa("sh", ["-c", "command -v make"]);
    const { stderr } = await execa(make, ["up"], { cwd: folder, env: { PATH: folder, MAKEFLAGS: "" }, reject: false });
    assert.equal(
      stderr.split("\n")[0],
      'Node 20 or newer with npm is needed; "node" or "npm" is not on PATH. Install them (https://nodejs.org/en/download), then run the same command again.',
    );
  });
});
