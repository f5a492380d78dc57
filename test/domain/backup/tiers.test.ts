import assert from "node:assert/strict";
import fc from "fast-check";
import {
  beforeRestorePrefix,
  dataPrefix,
  drillsPrefix,
  goldenPrefix,
  manifestsPrefix,
  SUSPECT,
} from "../../../domain/backup/layout.ts";
import { keptTiers, periods, shownKeep } from "../../../domain/backup/tiers.ts";
import { type Keep, type Tier, tiers } from "../../../domain/declaration/keep.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { periodOf, type Taken, tierOf } from "../../support/tierOf.ts";

const keep: Keep = { hourly: assumed("2d"), daily: assumed("30d"), weekly: assumed("90d"), monthly: assumed("365d") };
const at = (moment: string) => new Date(moment);

/** The tiers of runs one after the other, each of which publishes. */
function takenBy(moments: string[], declared: Keep = keep): Tier[] {
  const taken: Taken[] = [];
  for (const startedAt of moments.map(at)) taken.push({ startedAt, tier: tierOf(startedAt, taken, declared) });
  return taken.map(({ tier }) => tier);
}

describe("a run", () => {
  it("takes the longest tier whose period has no backup yet, and the shortest where each has one", () => {
    const moments = ["2026-11-01T02:00Z", "2026-11-01T03:00Z", "2026-11-02T02:00Z", "2026-11-03T02:00Z"];
    // 1 November 2026 is a Sunday: the month's backup is that week's and that day's too.
    assert.deepEqual(takenBy(moments), ["monthly", "hourly", "weekly", "daily"]);
    assert.deepEqual(takenBy(["2026-11-03T02:00Z", "2026-11-03T02:20Z"]), ["monthly", "hourly"]);
  });

  it("takes the tier of a period in which an earlier run failed", () => {
    assert.deepEqual(takenBy(["2026-11-01T02:00Z", "2026-12-09T02:00Z"]), ["monthly", "monthly"]);
    assert.deepEqual(takenBy(["2026-11-30T02:00Z", "2026-12-02T02:00Z", "2026-12-08T02:00Z"]), [
      "monthly",
      "monthly",
      "weekly",
    ]);
  });

  it("takes no tier that is not declared", () => {
    assert.deepEqual(takenBy(["2026-11-01T02:00Z", "2026-11-01T03:00Z"], { daily: assumed("30d") }), [
      "daily",
      "daily",
    ]);
  });

  it("takes a longer tier where its period has only backups of shorter ones", () => {
    const taken: Taken[] = [{ tier: "daily", startedAt: at("2026-11-02T02:00Z") }];
    assert.equal(tierOf(at("2026-11-03T02:00Z"), taken, keep), "monthly");
  });

  it("counts weeks from Monday, and months and days by UTC", () => {
    assert.equal(periodOf(at("2027-01-03T23:59Z"), "weekly"), periodOf(at("2026-12-28T00:00Z"), "weekly"));
    assert.notEqual(periodOf(at("2027-01-04T00:00Z"), "weekly"), periodOf(at("2027-01-03T23:59Z"), "weekly"));
    assert.equal(periodOf(at("2026-12-01T00:30+01:00"), "monthly"), "2026-11");
  });

  it("counts hours from minute 0", () => {
    assert.equal(periodOf(at("2026-11-03T02:59:59Z"), "hourly"), periodOf(at("2026-11-03T02:00Z"), "hourly"));
    assert.notEqual(periodOf(at("2026-11-03T03:00Z"), "hourly"), periodOf(at("2026-11-03T02:59:59Z"), "hourly"));
  });

  it("leaves no period of any tier without a backup that is at least as long-lived, whichever runs fail", () => {
    const moments = fc.uniqueArray(fc.integer({ min: 0, max: 24 * 400 }), { minLength: 1, maxLength: 60 });
    const some = fc.subarray([...tiers], { minLength: 1 });
    fc.assert(
      fc.property(moments, some, (hours, declared) => {
        const own = Object.fromEntries(declared.map((tier) => [tier, assumed("365d" as const)])) as Keep;
        const dates = hours
          .toSorted((one, other) => one - other)
          .map((hour) => new Date(Date.UTC(2026, 0, 1) + hour * 3_600_000));
        const taken: Taken[] = [];
        for (const startedAt of dates) taken.push({ startedAt, tier: tierOf(startedAt, taken, own) });
        for (const { tier } of keptTiers(own)) {
          for (const period of new Set(dates.map((date) => periodOf(date, tier)))) {
            const covering = taken.filter((one) => tiers.indexOf(one.tier) <= tiers.indexOf(tier));
            assert.ok(
              covering.some(({ startedAt }) => periodOf(startedAt, tier) === period),
              `${tier} ${period}`,
            );
          }
        }
      }),
    );
  });
});

describe("a tier", () => {
  it("has periods of at most a month of 31 days, a week, a day, and an hour", () => {
    assert.deepEqual(periods, { monthly: 2_678_400, weekly: 604_800, daily: 86_400, hourly: 3600 });
  });

  it("is shown with how long it is kept, shortest first, and without its name where it is the only one", () => {
    assert.equal(shownKeep(keep), "hourly 2d, daily 30d, weekly 90d, monthly 365d");
    assert.equal(shownKeep({ daily: assumed("30d") }), "30d");
  });
});

describe("a backup's prefix", () => {
  const backup = { prefix: "database/" };

  it("has a folder of manifests and one of data, in them one for each tier and one for what is suspect", () => {
    assert.equal(manifestsPrefix(backup), "database/manifests/");
    assert.equal(manifestsPrefix(backup, "daily"), "database/manifests/daily/");
    assert.equal(manifestsPrefix(backup, SUSPECT), "database/manifests/suspect/");
    assert.equal(dataPrefix(backup), "database/data/");
    assert.equal(dataPrefix(backup, "daily"), "database/data/daily/");
  });

  it("has folders of golden copies, of drills and of what a restore replaced", () => {
    assert.equal(goldenPrefix(backup), "database/golden/");
    assert.equal(drillsPrefix(backup), "database/drills/");
    assert.equal(beforeRestorePrefix(backup), "database/before-restore/");
  });
});
