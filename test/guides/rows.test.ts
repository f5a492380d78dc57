import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { evidence } from "./evidence.ts";
import { facts } from "./facts.ts";
import { answered, rows } from "./rows.ts";

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
  it("are 424", () => assert.equal(new Set(all).size, 424));

  it("are each kept by something, refused, or wait with a reason", () => {
    assert.deepEqual(
      all.filter((row) => !carried.includes(row) && !waiting.includes(row)),
      [],
    );
  });

  it("wait no more, where each of an area has its answer", () => {
    const closed = answered.flatMap((area) => rows[area]?.split(" ") ?? []);
    assert.equal(closed.length, 110);
    assert.deepEqual(
      closed.filter((row) => waiting.includes(row)),
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
  const page = readFileSync("docs/guides.md", "utf8");
  const kept = [...page.matchAll(/^\| ([^|]*\d{3}[^|]*) \| ([^|]+) \|$/gm)].map(([, ids, cell]) => ({
    ids: [...(ids?.match(id) ?? [])] as string[],
    claims: (cell as string).split(", "),
  }));
  let has: Map<string, string>;
  before(async () => {
    has = await evidence();
  });

  it("names only what prod has", () => {
    const claims = kept.flatMap(({ claims }) => claims);
    assert.ok(claims.length > 80, `only ${claims.length} claims were read`);
    assert.deepEqual(
      claims.filter((claim) => !has.has(claim)),
      [],
    );
  });

  it("says of a fact what has it", () => {
    const missing = Object.entries(facts).flatMap(([row, texts]) => {
      const claims = kept.filter(({ ids }) => ids.includes(row)).flatMap(({ claims }) => claims);
      const held = claims.map((claim) => has.get(claim)).join("\n");
      return texts.filter((text) => !held.includes(text)).map((text) => `${row}: ${text} in ${claims.join(", ")}`);
    });
    assert.deepEqual(missing, []);
  });

  it("refuses each of the other facts", () => {
    const declared = [...Object.keys(facts), "TM-001", "LO-008"];
    const refused = named("docs/guides.md").filter((row) => !kept.some(({ ids }) => ids.includes(row)));
    assert.deepEqual(
      rows.FACT?.split(" ").filter((row) => !declared.includes(row) && !refused.includes(row)),
      [],
    );
  });

  it("gives a reason for what it refuses", () => {
    const reasons = [...page.matchAll(/^\| [^|]*\d{3}[^|]* \| [^|]+ \| ([^|]+) \|$/gm)].map(([, reason]) => reason);
    assert.ok(reasons.length > 30, `only ${reasons.length} reasons were read`);
    assert.deepEqual(
      reasons.filter((reason = "") => reason.length < 15),
      [],
    );
  });
});
