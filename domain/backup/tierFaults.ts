import { type Tier, tiers } from "../declaration/keep.ts";
import type { Backup } from "../declaration/service.ts";
import { formatSeconds, seconds } from "../values/duration.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { readable } from "../values/readable.ts";
import { periods } from "./tiers.ts";

/** A backup must outlive the period in which the tier's next one is made, even if that is made at its end. */
const PERIODS_KEPT = 2;

/** Faults of how long backups are kept. @param path of `keep` */
export function keepFaults({ keep }: Pick<Backup, "keep">, path: string): Fault[] {
  const names = Object.keys(keep);
  const allowed = tiers.join(", ");
  if (!names.some((name) => tiers.includes(name as Tier) && keep[name as Tier] !== undefined)) {
    const got = names.length > 0 ? names.map((name) => redacted(name)).join(", ") : "empty";
    return [
      {
        code: "no-tier",
        path,
        got,
        allowed: `one or more of ${allowed}`,
        fix: 'write for example { daily: guide("30d") }',
      },
    ];
  }
  return [
    ...names
      .filter((name) => !tiers.includes(name as Tier))
      .map((name) => ({
        code: "unknown-tier",
        path,
        got: `with ${redacted(name)}`,
        allowed,
        fix: "correct the tier's name",
      })),
    ...tiers.flatMap((tier) => tierFaults(tier, keep[tier]?.value, `${path}.${tier}`)),
  ];
}

function tierFaults(tier: Tier, kept: string | undefined, path: string): Fault[] {
  if (kept === undefined) return [];
  const least = PERIODS_KEPT * periods[tier];
  if (!readable(() => seconds(kept))) {
    return [
      {
        code: "duration-unreadable",
        path,
        got: redacted(kept),
        allowed: "how long, such as 30d",
        fix: `write for example "30d"`,
      },
    ];
  }
  if (seconds(kept) >= least) return [];
  return [
    {
      code: "tier-kept-too-short",
      path,
      got: kept,
      allowed: `${formatSeconds(least)} or more, ${PERIODS_KEPT} periods of the tier: else a backup expires before the next one is made`,
      fix: "keep it longer, or remove the tier",
    },
  ];
}
