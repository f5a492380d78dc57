import assert from "node:assert/strict";
import { keepFaults } from "../../../domain/backup/tierFaults.ts";
import type { Backup } from "../../../domain/declaration/service.ts";
import { assumed } from "../../../domain/values/sourced.ts";

const faults = (keep: Record<string, unknown>) => keepFaults({ keep: keep as Backup["keep"] }, "backups[0].keep");
const path = "backups[0].keep";

describe("the tiers of a backup", () => {
  it("may each be kept for two of its periods or more", () => {
    const keep = { hourly: assumed("2h"), daily: assumed("48h"), weekly: assumed("2w"), monthly: assumed("62d") };
    assert.deepEqual(faults(keep), []);
    assert.deepEqual(faults({ daily: assumed("30d") }), []);
  });

  it("are refused where one is kept for less", () => {
    assert.deepEqual(faults({ monthly: assumed("62d"), daily: assumed("47h") }), [
      {
        path: `${path}.daily`,
        got: "47h",
        allowed: "48h or more, 2 periods of the tier: else one is gone before the next is made",
        fix: "keep it longer, or leave the tier out",
      },
    ]);
  });

  it("are refused where one is kept for what is no time", () => {
    assert.deepEqual(faults({ daily: assumed("long") }), [
      {
        path: `${path}.daily`,
        got: '"long"',
        allowed: "how long, such as 30d",
        fix: 'write for example "30d"',
      },
    ]);
  });

  it("are refused beside one that does not exist", () => {
    assert.deepEqual(faults({ daily: assumed("30d"), yearly: assumed("9w") }), [
      { path, got: 'with "yearly"', allowed: "monthly, weekly, daily, hourly", fix: "correct the tier's name" },
    ]);
  });

  for (const [what, keep, got] of [
    ["none", {}, "empty"],
    ["one that was left empty", { daily: undefined }, '"daily"'],
    ["none that exists", { yearly: assumed("9w"), "every day": assumed("9w") }, '"yearly", 9 characters'],
  ] as const) {
    it(`are refused with ${what}`, () => {
      assert.deepEqual(faults(keep), [
        {
          path,
          got,
          allowed: "one or more of monthly, weekly, daily, hourly",
          fix: 'write for example { daily: guide("30d") }',
        },
      ]);
    });
  }
});
