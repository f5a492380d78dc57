import assert from "node:assert/strict";
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { fakeGo, ScratchClone } from "./scratchClone.ts";

describe("getting a tool", function () {
  this.timeout("2m");
  let scratch: ScratchClone;
  beforeEach(async () => {
    scratch = await ScratchClone.make();
  });
  afterEach(() => scratch.remove());

  const install = `Install it (https://go.dev/doc/install) so that "go" is on PATH, then run the same command again.`;

  it("asks for Go where it is missing", async () => {
    const { says, exitCode } = await scratch.tool("pause", scratch.bin);
    assert.equal(says, `building pause needs Go 1.26 or newer; no "go" that runs is on PATH. ${install}`);
    assert.equal(exitCode, 1);
  });

  it("asks for a newer Go where it is too old", async () => {
    await scratch.program("go", "echo go1.22.1");
    const { says } = await scratch.tool("pause");
    assert.equal(says, `building pause needs Go 1.26 or newer; the one on PATH is go1.22.1. ${install}`);
  });

  it("asks for a C compiler where one is needed", async () => {
    await symlink((await execa("sh", ["-c", "command -v go"])).stdout, join(scratch.bin, "go"));
    const { says, exitCode } = await scratch.tool("runc", scratch.bin);
    assert.ok(
      says.endsWith(
        `building runc needs a C compiler; no "cc" that runs is on PATH. Install one (Debian: apt-get install gcc libc6-dev), then run the same command again.`,
      ),
      says,
    );
    assert.equal(exitCode, 1);
  });

  it("asks for a newer Python, and says what it found", async () => {
    await scratch.program("python3", "echo 3.9.2; echo /usr/bin/python3");
    const { says } = await scratch.tool("aws", scratch.bin);
    assert.equal(
      says,
      "the S3 server and the AWS CLI need Python 3.11 or newer; on PATH python3 is 3.9.2. Install it (Debian 12 or newer: apt-get install python3 python3-venv), then run the same command again.",
    );
  });

  for (const [place, variable] of [[".cache/tools"], ["go-cache", "GOCACHE"], ["go-modules", "GOMODCACHE"]] as const) {
    it(`asks for disk where ${variable ?? "the clone"} has too little`, async () => {
      const small = join(scratch.folder, place);
      await mkdir(small, { recursive: true });
      const command = `mount -t tmpfs -o size=64m none '${small}' && exec '${process.execPath}' sandbox/cli.ts tools pause`;
      const user = process.getuid?.() === 0 ? [] : ["--map-root-user"];
      const { stderr, exitCode } = await execa("unshare", [...user, "--mount", "sh", "-c", command], {
        ...{ cwd: scratch.folder, reject: false, env: variable ? { [variable]: small } : {} },
      });
      const [says, rest] = stderr.trim().split("; ", 2);
      assert.equal(says, "building pause takes up to 0.2 GB of disk");
      assert.ok(rest?.startsWith(`the disk of ${small}`), stderr);
      assert.match(
        stderr,
        / has 0\.1 GB free\. Free some \(make clean; go clean -cache -modcache\), then run the same command again\.$/m,
      );
      assert.equal(exitCode, 1);
    });
  }

  it("shows the compiler's last lines and where the rest is", async () => {
    await writeFile(join(scratch.folder, "sandbox/tools/pause/main.go"), "package main\n\nfunc main() { planted() }\n");
    const { says, exitCode } = await scratch.tool("pause");
    assert.match(
      says,
      /building pause failed:\n.*\n {2}\.\/main\.go:3:15: undefined: planted\nThe whole output is in \.cache\/logs\/building-pause\.log$/,
    );
    assert.equal(exitCode, 1);
  });

  describe("the engine", () => {
    it("takes a pulumi on PATH that is new enough", async () => {
      await scratch.program("pulumi", "echo v3.255.0");
      assert.deepEqual(await scratch.tool("pulumi"), { path: join(scratch.bin, "pulumi"), says: "", exitCode: 0 });
    });

    it("says that a pulumi on PATH is too old, and goes on with a built one", async () => {
      await scratch.program("pulumi", "echo v3.100.0");
      await scratch.program("go", ...(await fakeGo(`echo planted > "$output"; chmod +x "$output"`)));
      const { says, path, exitCode } = await scratch.tool("pulumi");
      assert.equal(says.split("\n")[0], "pulumi 3.100.0 on PATH is older than 3.255.0: using a built 3.259.0");
      assert.ok(path.startsWith(join(scratch.folder, ".cache/tools/pulumi-")), path);
      assert.equal(exitCode, 0);
    });

    it("finds its language host beside it, also where the clone was moved, and keeps it from starting ts-node", async () => {
      await scratch.program("pulumi", "echo v3.100.0");
      await scratch.program(
        "go",
        ...(await fakeGo(`printf '#!/bin/sh\\necho "$@"\\n' > "$output"; chmod +x "$output"`)),
      );
      const { path } = await scratch.tool("pulumi");
      const moved = join(scratch.folder, "moved");
      await rename(join(scratch.folder, ".cache"), moved);
      const host = join(path.replace(join(scratch.folder, ".cache"), moved), "../pulumi-language-nodejs");
      assert.equal((await execa(host, ["127.0.0.1:1"])).stdout, "-typescript=false 127.0.0.1:1");
    });
  });
});
