import assert from "node:assert/strict";
import { suspectFaults } from "../../../domain/backup/suspect.ts";
import type { Percent } from "../../../domain/values/percent.ts";

const name = "20261126T020004Z-0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11";

describe("what a backup says of suspect runs", () => {
  it("has no fault where it says nothing, or a share and the name of a run", () => {
    assert.deepEqual(suspectFaults({}, "backups[0]"), []);
    assert.deepEqual(suspectFaults({ shrink: "80%", accepts: name }, "backups[0]"), []);
  });

  for (const [shrink, got] of [
    ["0%", "2 characters"],
    ["101%", "4 characters"],
    ["half", '"half"'],
    [null, "empty"],
  ] as const) {
    it(`is refused with a share that is none: ${shrink}`, () => {
      assert.deepEqual(suspectFaults({ shrink: shrink as Percent }, "backups[0]"), [
        {
          path: "backups[0].shrink",
          got,
          allowed: "a share above 0% and at most 100%, at which no run is suspect",
          fix: 'write for example "50%"',
        },
      ]);
    });
  }

  for (const [accepts, got] of [
    ["yes", '"yes"'],
    [`x${name}`, "54 characters"],
    [`${name}0`, "54 characters"],
    [null, "empty"],
  ] as const) {
    it(`is refused with what is not the name of a run: ${accepts}`, () => {
      assert.deepEqual(suspectFaults({ accepts: accepts as string }, "backups[0]"), [
        {
          path: "backups[0].accepts",
          got,
          allowed: "the name of a suspect run, <start>-<uid of its pod>, as its manifest has it without .json",
          fix: 'copy it from the log of the run, such as "20261126T020004Z-0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11"',
        },
      ]);
    });
  }
});
