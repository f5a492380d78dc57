import assert from "node:assert/strict";
import { suspectFaults } from "../../../domain/backup/suspect.ts";
import type { Percent } from "../../../domain/values/percent.ts";
import { refused } from "../../support/refused.ts";

const name = "20261126T020004Z-0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11";

describe("what a backup says of suspect runs", () => {
  it("has no fault where it says nothing, or a share and the name of a run", () => {
    assert.deepEqual(suspectFaults({}, "backups[0]"), []);
    for (const shrink of ["0.5%", "80%", "100%"] as const) {
      assert.deepEqual(suspectFaults({ shrink, accepts: name }, "backups[0]"), []);
    }
  });

  for (const shrink of ["0%", "101%", "-5%", "50", "half", null]) {
    it(`is refused with a share that is none: ${shrink}`, () => {
      assert.deepEqual(refused(suspectFaults({ shrink: shrink as Percent }, "backups[0]")), [
        ["malformed-shrink", "backups[0].shrink"],
      ]);
    });
  }

  for (const accepts of [
    "",
    "yes",
    "20261126T020004Z",
    `${name}.json`,
    `suspect/${name}`,
    `x${name}`,
    `${name}0`,
    null,
  ]) {
    it(`is refused with what is not the name of a run: ${accepts}`, () => {
      assert.deepEqual(refused(suspectFaults({ accepts: accepts as string }, "backups[0]")), [
        ["malformed-run-name", "backups[0].accepts"],
      ]);
    });
  }
});
