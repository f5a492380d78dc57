import type { Backup } from "../declaration/service.ts";
import { type Duration, seconds } from "../values/duration.ts";
import type { Sourced } from "../values/sourced.ts";

/** How often a kept backup is wanted, longest period first. */
export const tiers = ["monthly", "weekly", "daily", "hourly"] as const;

export type Tier = (typeof tiers)[number];

const DAY = 86_400;

/** The longest that a period of each tier lasts, in seconds. */
export const periods: Record<Tier, number> = { monthly: 31 * DAY, weekly: 7 * DAY, daily: DAY, hourly: 3600 };

/** How long the backups of each tier are kept; a tier that is left out is not made. */
export type Keep = Partial<Record<Tier, Sourced<Duration>>>;

/**
 * Where runs lie that need a person's look: what they hold is much smaller than what came before. They take no tier, and are never
 * the default choice of a restore.
 */
export const SUSPECT = "suspect";

/** A folder of a backup's prefix: a tier, or what is suspect. */
export type Shelf = Tier | typeof SUSPECT;

/** The declared tiers, longest period first, with the seconds for which each is kept. */
export function keptTiers(keep: Keep): { tier: Tier; keep: Duration; seconds: number }[] {
  return tiers.flatMap((tier) => {
    const kept = keep[tier]?.value;
    return kept === undefined ? [] : [{ tier, keep: kept, seconds: seconds(kept) }];
  });
}

/** What the listing of a manifest tells: the tier that its run took, and when that run started. */
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

/** The period of a tier in which a moment lies, named so that two moments in one period have the same name. */
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

/** Where manifests lie. @param shelf all of them where left out */
export function manifestsPrefix({ prefix }: Pick<Backup, "prefix">, shelf?: Shelf): string {
  return `${prefix}manifests/${shelf ? `${shelf}/` : ""}`;
}

/** Where copies of what passed a drill lie. */
export function goldenPrefix({ prefix }: Pick<Backup, "prefix">): string {
  return `${prefix}golden/`;
}

/** Where the records of drills lie. */
export function drillsPrefix({ prefix }: Pick<Backup, "prefix">): string {
  return `${prefix}drills/`;
}

/** Where dumps lie of what a restore was about to replace. */
export function beforeRestorePrefix({ prefix }: Pick<Backup, "prefix">): string {
  return `${prefix}before-restore/`;
}

/** Where what manifests name lies. @param shelf all of it where left out */
export function dataPrefix({ prefix }: Pick<Backup, "prefix">, shelf?: Shelf): string {
  return `${prefix}data/${shelf ? `${shelf}/` : ""}`;
}

/** What is kept, for people: `30d`, or `hourly 2d, daily 30d`. */
export function shownKeep(keep: Keep): string {
  const kept = keptTiers(keep).reverse();
  return kept.length === 1 ? (kept[0]?.keep ?? "") : kept.map(({ tier, keep }) => `${tier} ${keep}`).join(", ");
}
