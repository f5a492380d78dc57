import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { PAGE, page } from "./page.ts";
import { rooms } from "./rooms.ts";

/** Where a fault can be written. */
const product = ["domain/**/*.ts", "policies/**/*.ts", "components/**/*.ts", "index.ts"];

/** The codes in the text of files. */
function codesIn(files: readonly string[]): string[] {
  const texts = globSync(files).map((file) => readFileSync(file, "utf8"));
  const found = texts.flatMap((text) => [...text.matchAll(/\bcode: "([^"]*)"/g)].map(([, code]) => code as string));
  // zod's own code of an issue, in a schema that adds one.
  return [...new Set(found)].filter((code) => code !== "custom").sort();
}

describe("the wording of refusals", () => {
  it("is in docs/refusals.md as it is in the code (npm run docs:refusals)", async () =>
    assert.equal(readFileSync(PAGE, "utf8"), await page(rooms)));

  for (const { title, sources, examples } of rooms) {
    it(`has an example for each code of: ${title}`, () =>
      assert.deepEqual([...new Set(examples.map(({ code }) => code))].sort(), codesIn(sources)));

    it(`is shown by faults that have the example's code: ${title}`, async () => {
      for (const { code, faults } of examples) {
        const codes = (await faults()).map((fault) => fault.code);
        assert.deepEqual([...new Set(codes)], [code]);
      }
    });
  }

  it("is shown for every file of the product that writes a code", () => {
    const shown = new Set(rooms.flatMap(({ sources }) => globSync(sources)));
    assert.deepEqual(
      globSync(product).filter((file) => !shown.has(file) && codesIn([file]).length > 0),
      [],
    );
  });

  it("has codes in kebab-case", () =>
    assert.deepEqual(
      codesIn(product).filter((code) => !/^[a-z]+(-[a-z0-9]+)*$/.test(code)),
      [],
    ));
});
