import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";

const bin = join(clone, "node_modules/.bin");

/** Runs a checker over the clone and shows what it found as the test's failure. */
async function passes(program: string, ...args: string[]): Promise<void> {
  const { exitCode, all, message } = await execa(program, args, { cwd: clone, all: true, reject: false });
  assert.equal(exitCode, 0, all || message);
}

describe("the sources", function () {
  this.timeout("3m");

  it("are formatted and free of lint", () => passes(join(bin, "biome"), "check", "--error-on-warnings", "."));

  it("have sound types", () => passes(join(bin, "tsc")));

  it("hold workflows that GitHub accepts", () => passes("actionlint"));

  it("hold workflows without what makes one open to attack", () =>
    passes("zizmor", "--offline", "--no-progress", "--quiet", ".github"));

  it("hold shell programs that shellcheck accepts", async () => {
    const programs: string[] = [];
    for await (const program of glob("programs/**/*.sh", { cwd: clone })) programs.push(program);
    assert.notEqual(programs.length, 0);
    await passes("shellcheck", ".ci/run", ...programs);
  });
});
