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
