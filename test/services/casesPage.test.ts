import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";

const rows = readFileSync("docs/cases.md", "utf8")
  .split("\n")
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .filter(([, number = ""]) => /^\d+[a-z]?$/.test(number))
  .map(([, number = "", source = "", want = "", now = "", tests = ""]) => ({ number, source, want, now, tests }));

/** The titles of a file's tests, as they are in its source; those of test/faults/table.ts are names of rows. */
function titles(file: string): string[] {
  const found = readFileSync(file, "utf8").matchAll(/(?:\b(?:it|describe)\(|\bname:)\s*(?:"([^"\n]+)"|`([^`\n]+)`)/g);
  return [...found].map(([, quoted, template]) => quoted ?? template ?? "");
}

/** The file and title of each named test. */
function named(tests: string): { file: string; title: string }[] {
  return tests === ""
    ? []
    : tests.split(/; (?=`test\/)/).map((one) => {
        const [, file = "", title = ""] = /^`([^`]+)`: (.+)$/.exec(one) ?? [];
        return { file, title };
      });
}

describe("docs/cases.md", () => {
  it("has a source, a wish and an answer for each case, each case once", () => {
    assert.equal(new Set(rows.map(({ number }) => number)).size, rows.length);
    assert.ok(rows.length >= 39, `only ${rows.length} rows were read`);
    assert.deepEqual(
      rows.filter(({ source, want, now }) => !source || !want || !/^(right|refused|open)\b/.test(now)),
      [],
    );
  });

  it("names a test for each case that is not open", () => {
    assert.deepEqual(
      rows.filter(({ now, tests }) => !now.startsWith("open") && named(tests).length === 0).map(({ number }) => number),
      [],
    );
  });

  it("gives a reason for each case that is open", () => {
    assert.deepEqual(
      rows.filter(({ now }) => /\bopen\b/i.test(now) && !/\bopen\b[^:]*: ./i.test(now)).map(({ number }) => number),
      [],
    );
  });

  it("names tests that exist", () => {
    const missing = rows.flatMap(({ number, tests }) =>
      named(tests)
        .filter(({ file, title }) => !existsSync(file) || !titles(file).includes(title))
        .map(({ file, title }) => `${number}: ${file}: ${title}`),
    );
    assert.deepEqual(missing, []);
  });
});
