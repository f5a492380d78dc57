import type { Backup } from "../declaration/service.ts";
import { formatSeconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { keptTiers, periods } from "./tiers.ts";

/** A backup must outlive the period in which the tier's next one is made, even if that is made at its end. */
const PERIODS_KEPT = 2;

/** Faults of how long backups are kept. @param path of `keep` */
export function keepFaults({ keep }: Pick<Backup, "keep">, path: string): Fault[] {
  return keptTiers(keep).flatMap(({ tier, keep: kept, seconds }) => {
    const least = PERIODS_KEPT * periods[tier];
    if (seconds >= least) return [];
    return [
      {
        code: "tier-kept-too-short",
        path: `${path}.${tier}`,
        got: kept,
        allowed: `${formatSeconds(least)} or more, ${PERIODS_KEPT} periods of the tier: else a backup expires before the next one is made`,
        fix: "keep it longer, or remove the tier",
      },
    ];
  });
}
