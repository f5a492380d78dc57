import type { Tier } from "../declaration/keep.ts";
import type { Backup, Service } from "../declaration/service.ts";
import { retrievals, type StorageClass } from "../declaration/storageClass.ts";
import { formatSeconds, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { longestGap } from "../values/schedule.ts";
import type { Sourced } from "../values/sourced.ts";
import { guardedSchedule, type WeekdayGuard } from "../values/weekdayGuard.ts";
import { keepFaults } from "./tierFaults.ts";
import { keptTiers } from "./tiers.ts";

/** How often the newest good backup is restored, and copied to golden/, where nothing expires. */
interface Drilled {
  drill?: { schedule: Sourced<string>; only?: WeekdayGuard };
}

/** Faults of a service's retention, which would leave it without a backup that can be restored in time. */
export function retentionFaults({ backups, objectives }: Pick<Service, "backups" | "objectives">): Fault[] {
  return backups.flatMap((backup, index) => {
    const path = `backups[${index}]`;
    // Only valid durations can be compared.
    if (keepFaults(backup, `${path}.keep`).length > 0) return [];
    return [
      ...goldenFaults(backup, `${path}.drill.schedule`),
      ...storageFaults(backup, objectives.recoveryTime.value, `${path}.storageClass`),
    ];
  });
}

/** If publishing stops, every tier expires in the end: the golden copy must have been made while there still was a backup. */
function goldenFaults({ keep, drill }: Backup & Drilled, path: string): Fault[] {
  if (drill === undefined) return [];
  const [longest] = keptTiers(keep).toSorted((one, other) => other.seconds - one.seconds);
  const gap = readable(drill.schedule.value, (schedule) => longestGap(guardedSchedule(schedule, drill.only)));
  if (longest === undefined || typeof gap === "string" || gap < longest.seconds) return [];
  return [
    {
      code: "drills-too-rare",
      path,
      got: `"${drill.schedule.value}", which can leave ${formatSeconds(gap)} between two drills`,
      allowed: `less than ${longest.keep}, for which the ${longest.tier} backups are kept: else one may expire before a drill makes it the golden copy`,
      fix: "drill more often, or keep a tier longer",
    },
  ];
}

function storageFaults({ keep, storageClass = {} }: Backup, recoveryTime: string, path: string): Fault[] {
  return (Object.entries(storageClass) as [Tier, StorageClass][]).flatMap(([tier, chosen]) => {
    const fault = (kind: Pick<Fault, "code">, got: string, allowed: string, fix: string) => [
      { ...kind, path: `${path}.${tier}`, got, allowed, fix },
    ];
    if (keep[tier] === undefined)
      return fault(
        { code: "storage-class-without-tier" },
        `"${chosen}"`,
        "a class of a tier that is kept",
        "remove it",
      );
    const retrieval = retrievals[chosen];
    if (retrieval === undefined || seconds(retrieval) < seconds(recoveryTime)) return [];
    return fault(
      { code: "retrieval-too-slow" },
      `"${chosen}", whose data can be read only after up to ${retrieval}`,
      `a class that is read within the recovery time of ${recoveryTime}`,
      "write GLACIER_IR, which is read at once",
    );
  });
}

function readable(text: string, read: (text: string) => number): number | string {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
