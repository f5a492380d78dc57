import assert from "node:assert/strict";
import { keepFaults } from "../../../domain/backup/tierFaults.ts";
import type { Backup } from "../../../domain/declaration/service.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { refused } from "../../support/refused.ts";

const path = "backups[0].keep";
const faults = (keep: Record<string, unknown>) => refused(keepFaults({ keep: keep as Backup["keep"] }, path));

describe("the tiers of a backup", () => {
  it("may each be kept for two of its periods or more", () => {
    const keep = { hourly: assumed("2h"), daily: assumed("48h"), weekly: assumed("2w"), monthly: assumed("62d") };
    assert.deepEqual(faults(keep), []);
    assert.deepEqual(faults({ daily: assumed("30d") }), []);
  });

  it("are refused where one is kept for less", () => {
    assert.deepEqual(
      faults({ hourly: assumed("119m"), daily: assumed("47h"), weekly: assumed("13d"), monthly: assumed("61d") }),
      [
        ["tier-kept-too-short", `${path}.monthly`],
        ["tier-kept-too-short", `${path}.weekly`],
        ["tier-kept-too-short", `${path}.daily`],
        ["tier-kept-too-short", `${path}.hourly`],
      ],
    );
  });
});
