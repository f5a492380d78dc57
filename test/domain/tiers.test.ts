import assert from "node:assert/strict";
import fc from "fast-check";
import { assumed } from "../../domain/sourced.ts";
import { type Keep, type Kept, keptTiers, periodStart, type Tier, tierOf, tiers } from "../../domain/tiers.ts";

const DAY = 86_400_000;
const all: Keep = Object.fromEntries(tiers.map((tier) => [tier, assumed("90d")]));

/** Some of the tiers, one at least. */
const keep = fc
  .subarray([...tiers], { minLength: 1 })
  .map((some): Keep => Object.fromEntries(some.map((tier) => [tier, assumed("90d")])));

/** Starts of runs within a hundred days, as irregular as outages make them. */
const starts = fc
  .array(fc.integer({ min: Date.UTC(2026, 10, 1), max: Date.UTC(2027, 1, 8) }), { minLength: 1, maxLength: 60 })
  .map((times) => times.sort((a, b) => a - b).map((time) => new Date(time)));

/** The tiers that runs take, one after the other. */
function taken(runs: Date[], declared: Keep): Kept[] {
  const kept: Kept[] = [];
  for (const startedAt of runs) kept.push({ tier: tierOf(startedAt, kept, declared), startedAt });
  return kept;
}

const samePeriod = (tier: Tier, one: Date, other: Date) => +periodStart(tier, one) === +periodStart(tier, other);

describe("a run's tier", () => {
  it("is the longest whose current period has none of it or of a longer one", () => {
    const at = (text: string) => new Date(`${text}Z`);
    const kept = (tier: Tier, text: string): Kept => ({ tier, startedAt: at(text) });
    const run = at("2026-11-26T02:00"); // a Thursday
    const cases: [Kept[], Tier][] = [
      [[], "monthly"],
      [[kept("monthly", "2026-10-31T23:59")], "monthly"],
      [[kept("monthly", "2026-11-01T02:00")], "weekly"],
      [[kept("monthly", "2026-11-01T02:00"), kept("weekly", "2026-11-22T23:59")], "weekly"],
      [[kept("monthly", "2026-11-01T02:00"), kept("weekly", "2026-11-23T00:00")], "daily"],
      // What a longer tier holds serves the shorter ones of the same time.
      [[kept("monthly", "2026-11-23T02:00")], "daily"],
      [[kept("monthly", "2026-11-26T01:00")], "hourly"],
      [[kept("monthly", "2026-11-26T02:00")], "hourly"],
      // What a shorter tier holds serves no longer one.
      [[kept("hourly", "2026-11-26T01:00"), kept("daily", "2026-11-26T01:00")], "monthly"],
    ];
    assert.deepEqual(
      cases.map(([there]) => tierOf(run, there, all)),
      cases.map(([, tier]) => tier),
    );
  });

  it("leaves no period of a tier in which a run succeeded without a backup of it or of a longer tier", () => {
    fc.assert(
      fc.property(starts, keep, (runs, declared) => {
        const kept = taken(runs, declared);
        const names = keptTiers(declared).map(({ tier }) => tier);
        for (const [index, tier] of names.entries()) {
          const serves = kept.filter((one) => names.slice(0, index + 1).includes(one.tier));
          for (const run of runs) assert.ok(serves.some(({ startedAt }) => samePeriod(tier, startedAt, run)));
        }
      }),
    );
  });

  it("is in no tier but the shortest taken twice in a period", () => {
    fc.assert(
      fc.property(starts, keep, (runs, declared) => {
        const kept = taken(runs, declared);
        for (const { tier } of keptTiers(declared).slice(0, -1)) {
          const periods = kept.filter((one) => one.tier === tier).map(({ startedAt }) => +periodStart(tier, startedAt));
          assert.equal(new Set(periods).size, periods.length);
        }
      }),
    );
  });

  it("counts weeks as ISO 8601 does, from Monday, across the ends of years", () => {
    const monday = (text: string) => periodStart("weekly", new Date(text)).toISOString().slice(0, 10);
    assert.deepEqual(
      ["2026-01-01T00:00Z", "2026-11-29T23:59Z", "2026-11-30T00:00Z", "2027-01-03T12:00Z", "2028-02-29T12:00Z"].map(
        monday,
      ),
      ["2025-12-29", "2026-11-23", "2026-11-30", "2026-12-28", "2028-02-28"],
    );
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true }), (at) => {
        const start = periodStart("weekly", at);
        assert.equal(start.getUTCDay(), 1);
        assert.ok(+start <= +at && +at - +start < 7 * DAY);
      }),
    );
  });
});
