import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { npmPackages } from "../../sandbox/tools/npm.ts";

const files = globSync("renovate/*.json", { cwd: clone }).map((file) => join(clone, file));
const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

/** Renovate's own validator, which knows each option and what it may hold. */
const validate = (...given: string[]) =>
  execa("renovate-config-validator", ["--strict", "--no-global", ...given], { all: true, reject: false });

/** The values of one key, wherever it is. */
function valuesOf(key: string, within: unknown): string[] {
  if (typeof within !== "object" || within === null) return [];
  return Object.entries(within).flatMap(([name, value]) => (name === key ? value : valuesOf(key, value)));
}

describe("the presets of renovate/", function () {
  this.timeout("2m");
  let renovate: string;
  before(async () => {
    renovate = join(await npmPackages("renovate"), "node_modules/renovate");
  });

  it("are valid for Renovate", async () => {
    assert.equal(files.length, 6);
    const { exitCode, all } = await validate(...files);
    assert.equal(exitCode, 0, all);
  });

  it("name types of updates that there are, which the validator does not ask", () => {
    const known = read(join(renovate, "renovate-schema.json")).definitions.matchUpdateTypes.oneOf[1].anyOf[0].enum;
    const named = files.flatMap((file) => valuesOf("matchUpdateTypes", read(file)));
    assert.ok(known.includes("lockFileMaintenance") && named.includes("minor"));
    assert.deepEqual(
      named.filter((type) => !known.includes(type)),
      [],
    );
  });

  it("name managers, sources and kinds of versions that there are, and build on no other preset", () => {
    for (const [key, folder] of [
      ["matchManagers", "manager"],
      ["matchDatasources", "datasource"],
      ["versioning", "versioning"],
    ] as const) {
      const named = files.flatMap((file) => valuesOf(key, read(file)));
      const missing = named.filter((name) => !existsSync(join(renovate, "dist/modules", folder, name)));
      assert.deepEqual(missing, [], key);
      assert.notDeepEqual(named, [], key);
    }
    assert.deepEqual(
      files.filter((file) => "extends" in read(file)),
      [],
    );
  });

  it("would turn red for a typo in an option, a time or a zone", async () => {
    const folder = await mkdtemp(join(tmpdir(), "upkeep-presets-"));
    try {
      const text = readFileSync(join(clone, "renovate/calendar.json"), "utf8");
      const typos = { shedule: '"schedule"', "* 2-25 * * 1": "* 2-23 * * 1", "Etc/UCT1": "Etc/UTC" };
      for (const [wrong, right] of Object.entries(typos)) {
        assert.ok(text.includes(right), right);
        const typo = right.startsWith('"') ? `"${wrong}"` : wrong;
        await writeFile(join(folder, `${Object.keys(typos).indexOf(wrong)}.json`), text.replace(right, typo));
      }
      const { exitCode, all } = await validate(...["0", "1", "2"].map((name) => join(folder, `${name}.json`)));
      assert.equal(exitCode, 1);
      for (const wrong of Object.keys(typos)) assert.ok(all.includes(wrong), `${wrong}: ${all}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
