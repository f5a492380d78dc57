import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { clone } from "../../cli/common/paths.ts";
import { Suite } from "../suite.ts";

describe("test/suites.json", () => {
  it("names every suite once", async () => {
    const names = (await suites()).map(({ name }) => name);
    assert.deepEqual(names, [...new Set(names)]);
  });

  it("has every test file in exactly one suite", async () => {
    const { spec: usual } = parse(await readFile(join(clone, ".mocharc.yaml"), "utf8"));
    const claimed: string[] = [];
    for (const { specs = usual } of await suites()) claimed.push(...(await files(specs)));
    assert.deepEqual(claimed.sort(), (await files(["{standins,test}/**/*.test.ts"])).sort());
  });
});

async function suites(): Promise<Suite[]> {
  return z.array(Suite).parse(JSON.parse(await readFile(join(clone, "test/suites.json"), "utf8")));
}

async function files(patterns: string[]): Promise<string[]> {
  const found: string[] = [];
  // Packages of Stryker's are under test/mutation, with tests of their own.
  for await (const file of glob(patterns, { cwd: clone, exclude: ["**/node_modules/**"] })) found.push(file);
  return found;
}
