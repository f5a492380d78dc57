import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../../cli/common/problem.ts";
import { stackConfig } from "../../cli/common/stackFile.ts";

describe("a stack's file", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "upkeep-stack-file-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function configOf(text: string): Promise<Record<string, unknown>> {
    await writeFile(join(folder, "Pulumi.prod.yaml"), text);
    return stackConfig("prod", folder);
  }

  it("has its settings under config", async () =>
    assert.deepEqual(await configOf("config:\n  upkeep:services: [shop]\n"), { "upkeep:services": ["shop"] }));

  const noSettings =
    "Pulumi.prod.yaml has no settings; allowed: settings under config: (docs/settings.md). Fix: copy those of another stack's file";
  for (const text of ["", "# nothing yet\n", "config:\n", "config: shop\n", "config: [shop]\n", "shop\n"]) {
    it(`is refused in one line where it holds no settings: ${JSON.stringify(text)}`, () =>
      assert.rejects(configOf(text), (error) => error instanceof Problem && error.message === noSettings));
  }

  for (const [text, line] of [
    ["config:\n  upkeep:services: [shop\n", 3],
    ['config:\n  upkeep:aws: "eu\n  x: 1\n', 4],
    ["config: {}\n\tupkeep: 1\n", 2],
  ] as const) {
    it(`is refused in one line, with the place, where it is no YAML: ${JSON.stringify(text)}`, () =>
      assert.rejects(configOf(text), ({ name, message }: Error) => {
        assert.equal(name, new Problem("").name);
        assert.match(
          message,
          /^Pulumi\.prod\.yaml cannot be read as YAML: .+ at line \d+, column \d+\. Fix: correct that line$/,
        );
        assert.match(message, new RegExp(` at line ${line}, `));
        return true;
      }));
  }
});
