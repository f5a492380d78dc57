import { keptTiers } from "../../domain/backup/tiers.ts";
import { type Keep, type Tier, tiers } from "../../domain/declaration/keep.ts";

const DAY = 86_400;

/** What a manifest's key contains: the tier that its run took, and when that run started. */
export interface Taken {
  tier: Tier;
  startedAt: Date;
}

/**
 * The tier that a run takes: the longest of which this period (UTC hour, day, ISO week, month) has no manifest yet, in it or in a longer
 * one; the shortest where each has its own. So a tier whose run failed gets the next one that succeeds. programs/backup/publish.sh decides
 * by the same rule.
 *
 * @param at start of the run
 */
export function tierOf(at: Date, taken: readonly Taken[], keep: Keep): Tier {
  const declared = keptTiers(keep).map(({ tier }) => tier);
  const missing = declared.find((tier) => {
    const period = periodOf(at, tier);
    return !taken.some((one) => isAtLeast(one.tier, tier) && periodOf(one.startedAt, tier) === period);
  });
  return missing ?? (declared.at(-1) as Tier);
}

function isAtLeast(tier: Tier, other: Tier): boolean {
  return tiers.indexOf(tier) <= tiers.indexOf(other);
}

/** The period of a tier that a moment is in, named so that two moments in one period have the same name. */
export function periodOf(moment: Date, tier: Tier): string {
  const written = moment.toISOString();
  switch (tier) {
    case "hourly":
      return written.slice(0, "2026-11-26T02".length);
    case "daily":
      return written.slice(0, "2026-11-26".length);
    case "weekly":
      // An ISO week begins on Monday: it is named by that day.
      return new Date(moment.getTime() - ((moment.getUTCDay() + 6) % 7) * DAY * 1000).toISOString().slice(0, 10);
    case "monthly":
      return written.slice(0, "2026-11".length);
  }
}
