import { type Duration, seconds } from "./duration.ts";
import type { Backup } from "./service.ts";
import type { Sourced } from "./sourced.ts";

/** How often a kept backup is wanted, longest period first. */
export const tiers = ["monthly", "weekly", "daily", "hourly"] as const;

export type Tier = (typeof tiers)[number];

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

/** A backup that lies on the shelf of a tier. */
export interface Kept {
  tier: Tier;
  /** When its run started. */
  startedAt: Date;
}

/**
 * The tier that a run takes: the longest declared one in whose current period nothing of that tier or a longer one was made, so that a
 * tier whose run failed is made by the next run; else the shortest. programs/backup/publish.sh decides by the same rule.
 */
export function tierOf(startedAt: Date, kept: readonly Kept[], keep: Keep): Tier {
  const declared = keptTiers(keep).map(({ tier }) => tier);
  const free = declared.find((tier, index) => {
    const serve = declared.slice(0, index + 1);
    return !kept.some((one) => serve.includes(one.tier) && sameStart(tier, one.startedAt, startedAt));
  });
  return free ?? (declared.at(-1) as Tier);
}

function sameStart(tier: Tier, one: Date, other: Date): boolean {
  return periodStart(tier, one).getTime() === periodStart(tier, other).getTime();
}

/** When a tier's period began: its month, its ISO week (from Monday), its day or its hour, all in UTC. */
export function periodStart(tier: Tier, at: Date): Date {
  const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
  switch (tier) {
    case "monthly":
      return new Date(Date.UTC(year, month));
    case "weekly":
      return new Date(Date.UTC(year, month, day - ((at.getUTCDay() + 6) % 7)));
    case "daily":
      return new Date(Date.UTC(year, month, day));
    case "hourly":
      return new Date(Date.UTC(year, month, day, at.getUTCHours()));
  }
}

/** Where manifests lie. @param shelf all of them where left out */
export function manifestsPrefix({ prefix }: Pick<Backup, "prefix">, shelf?: Shelf): string {
  return `${prefix}manifests/${shelf ? `${shelf}/` : ""}`;
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
