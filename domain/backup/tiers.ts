import { type Keep, type Tier, tiers } from "../declaration/keep.ts";
import { DAY, type Duration, seconds } from "../values/duration.ts";

/** The longest that a period of each tier lasts, in seconds. */
export const periods: Record<Tier, number> = { monthly: 31 * DAY, weekly: 7 * DAY, daily: DAY, hourly: 3600 };

/** The declared tiers, longest period first, with the seconds for which each is kept. */
export function keptTiers(keep: Keep): { tier: Tier; keep: Duration; seconds: number }[] {
  return tiers.flatMap((tier) => {
    const kept = keep[tier]?.value;
    return kept === undefined ? [] : [{ tier, keep: kept, seconds: seconds(kept) }];
  });
}

/** What is kept, for people: `30d`, or `hourly 2d, daily 30d`. */
export function shownKeep(keep: Keep): string {
  const kept = keptTiers(keep).reverse();
  return kept.length === 1 ? (kept[0]?.keep ?? "") : kept.map(({ tier, keep }) => `${tier} ${keep}`).join(", ");
}
