import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { evidence } from "./evidence.ts";
import { rows } from "./rows.ts";

const id = /\b(?:TM|JS|MP|TA|LO)-\d{3}\b/g;

/** The rows that the first column of a page's tables names. */
function named(page: string): string[] {
  const cells = readFileSync(page, "utf8").matchAll(/^\| ([^|]+) \|/gm);
  return [...cells].flatMap(([, cell]) => cell?.match(id) ?? []);
}

const all = Object.values(rows).flatMap((list) => list.split(" "));
const carried = named("docs/guides.md");
const waiting = named("docs/not-yet.md");

describe("the guides' rows", () => {
  it("are 335", () => assert.equal(new Set(all).size, 335));

  it("are each kept by something, refused, or wait with a reason", () => {
    assert.deepEqual(
      all.filter((row) => !carried.includes(row) && !waiting.includes(row)),
      [],
    );
  });

  it("are the only ones that the two pages name", () => {
    assert.deepEqual(
      [...carried, ...waiting].filter((row) => !all.includes(row)),
      [],
    );
  });
});

describe("docs/guides.md", () => {
  it("names only what prod has", async () => {
    const cells = [...readFileSync("docs/guides.md", "utf8").matchAll(/^\| [^|]*\d{3}[^|]* \| ([^|]+) \|$/gm)];
    const claims = cells.flatMap(([, cell]) => (cell as string).split(", "));
    assert.ok(claims.length > 80, `only ${claims.length} claims were read`);
    const has = await evidence();
    assert.deepEqual(
      claims.filter((claim) => !has.has(claim)),
      [],
    );
  });
});
