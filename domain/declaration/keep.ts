import { z } from "zod";
import type { Duration } from "../values/duration.ts";
import type { Sourced } from "../values/sourced.ts";
import { duration, sourced } from "./texts.ts";

/** The tiers, longest period first. */
export const tiers = ["monthly", "weekly", "daily", "hourly"] as const;

export type Tier = (typeof tiers)[number];

export const keepSchema = z
  .partialRecord(z.enum(tiers), sourced(duration))
  .refine((keep) => Object.values(keep).some((kept) => kept !== undefined))
  .meta({
    allowed: `one or more of ${tiers.join(", ")}`,
    fix: 'write for example { daily: guide("30d") }',
    examples: [{ daily: { value: "30d", assumed: false } }],
  }) as unknown as z.ZodType<Keep, Keep>;

/** How long the backups of each tier are kept; a missing tier has no backups. */
export type Keep = { [K in Tier]?: Sourced<Duration> };
