import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disagreements, listedSurvivors, readReport } from "../mutation/survivors.ts";

/** What Stryker reports of one changed place. */
const mutant = (status: string, replacement: string, [line, column]: number[], [endLine, endColumn]: number[]) => ({
  ...{ status, replacement },
  location: { start: { line, column }, end: { line: endLine, column: endColumn } },
});

const source = "function twice(a: number) {\n  return a * 2;\n}\n";
const report = {
  files: {
    "domain/twice.ts": {
      source,
      mutants: [
        mutant("Killed", "a / 2", [2, 10], [2, 15]),
        mutant("Timeout", "a ** 2", [2, 10], [2, 15]),
        mutant("Survived", "a + 2", [2, 10], [2, 15]),
        mutant("NoCoverage", "{}", [1, 27], [3, 2]),
      ],
    },
  },
};

const summed = { file: "domain/twice.ts", line: "return a * 2;", change: "a * 2 → a + 2" };
const emptied = {
  file: "domain/twice.ts",
  line: "function twice(a: number) {",
  change: "{ return a * 2; } → {}",
};

describe("the list of what mutation testing lets live", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "upkeep-survivors-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it("is compared with what no test killed, named by the line and the change, wherever that is", () => {
    assert.deepEqual(readReport(file("report.json", JSON.stringify(report))), {
      mutants: 4,
      survivors: [summed, emptied],
    });
  });

  it("has every survivor, and none that was killed", () => {
    assert.deepEqual(disagreements([summed, emptied], [emptied, summed]), []);
    assert.deepEqual(disagreements([summed, emptied], [emptied]), [
      "no test sees   domain/twice.ts: a * 2 → a + 2   in: return a * 2;",
    ]);
    assert.deepEqual(disagreements([emptied], [emptied, summed]), [
      "wrongly listed domain/twice.ts: a * 2 → a + 2   in: return a * 2;",
    ]);
  });

  it("has a reason for each", () => {
    const entry = (reason: string) => `
- reason: ${reason}
  mutants:
    domain/twice.ts:
      - line: return a * 2;
        change: a * 2 → a + 2
`;
    assert.deepEqual(listedSurvivors(file("list.yaml", entry("Two and two are four either way."))), [summed]);
    assert.throws(() => listedSurvivors(file("short.yaml", entry("equal"))), /reason/);
  });
});
