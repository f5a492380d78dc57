import type { Duration } from "../values/duration.ts";
import type { Sourced } from "../values/sourced.ts";

/** How often a kept backup is wanted, longest period first. */
export const tiers = ["monthly", "weekly", "daily", "hourly"] as const;

export type Tier = (typeof tiers)[number];

/** How long the backups of each tier are kept; a tier that is left out is not made. */
export type Keep = Partial<Record<Tier, Sourced<Duration>>>;
