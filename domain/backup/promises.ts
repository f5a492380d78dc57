import type { Backup, Service } from "../declaration/service.ts";
import { type Cadence, STALE_FOR, worstCaseAge, worstCaseSum } from "../jobs/maintenanceJob.ts";
import { duplicates } from "../values/duplicates.ts";
import { type Duration, formatSeconds, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { backupFactsFaults } from "./backupFaults.ts";
import { continuousFaults } from "./continuousAlerts.ts";
import { uncoveredDatastores, undrilledBackups } from "./coverage.ts";

/** The most data, in seconds, that a backup can lose while all goes as declared, the failed runs that it survives counted in. */
export function worstCaseLoss(backup: Backup): number {
  return worstCaseAge(cadence(backup));
}

/**
 * The most seconds between the start of a run and the end of the next while both succeed: how old the newest backup can become before
 * somebody should know. The failed runs that a promise survives are the time to act in.
 */
export function healthyAge(backup: Backup): number {
  return worstCaseAge({ ...cadence(backup), survives: 0 });
}

function cadence({ schedule, startingDeadline, deadline, survives = 0 }: Backup): Cadence {
  return { schedule: schedule.value, startingDeadline, deadline, survives };
}

/** A service as far as its backups keep its promises. */
type PromisedService = Pick<Service, "datastores" | "backups"> & {
  objectives: Pick<Service["objectives"], "recoveryPoint">;
};

/**
 * Everything about a service that would break a promise it makes. Empty where all are kept.
 *
 * @throws RangeError when a schedule or a duration cannot be read
 */
export function serviceFaults(service: PromisedService): Fault[] {
  return [
    ...duplicates(
      "datastores",
      service.datastores.map(({ name }) => name),
    ),
    ...duplicates(
      "backups",
      service.backups.map(({ job }) => job),
    ),
    ...uncoveredDatastores(service),
    ...undrilledBackups(service),
    ...continuousFaults(service),
    ...backupFactsFaults(service),
    ...service.backups.flatMap((backup, index) => backupFaults(service, backup, `backups[${index}]`)),
  ];
}

function backupFaults({ datastores, objectives }: PromisedService, backup: Backup, path: string): Fault[] {
  const faults: Fault[] = [];
  if (!datastores.some(({ name }) => name === backup.datastore)) {
    faults.push({
      code: "unknown-datastore",
      path: `${path}.datastore`,
      got: `"${backup.datastore}"`,
      allowed: datastores.map(({ name }) => `"${name}"`).join(", ") || "none: the service declares no datastore",
      fix: "name one of the service's datastores",
    });
  }
  const promised = seconds(objectives.recoveryPoint.value);
  const loss = worstCaseLoss(backup);
  if (loss >= promised) {
    faults.push({
      code: "recovery-point-missed",
      path: `${path}.schedule`,
      got: `"${backup.schedule.value}", which can lose ${formatSeconds(loss)} (${worstCaseSum(cadence(backup))})`,
      allowed: `less than the recovery point of ${objectives.recoveryPoint.value}`,
      fix: "run it more often, shorten its deadlines, or promise a longer recovery point",
    });
  } else {
    faults.push(...alertFaults(backup, objectives.recoveryPoint.value, `${path}.schedule`));
  }
  return faults;
}

/**
 * The alert on a backup's age can fire only above the worst case of runs that all succeed, and is worth something only below the
 * recovery point. A promise that survives failed runs leaves it their gaps as room; one that survives none must leave its wait.
 */
function alertFaults(backup: Backup, recoveryPoint: Duration, path: string): Fault[] {
  const healthy: Cadence = { ...cadence(backup), survives: 0 };
  const told = worstCaseAge(healthy) + seconds(STALE_FOR);
  if (told < seconds(recoveryPoint)) return [];
  return [
    {
      code: "alert-after-recovery-point",
      path,
      got: `"${backup.schedule.value}", of whose failure people are told after ${formatSeconds(told)} (${worstCaseSum(healthy)} + ${STALE_FOR} that the alert waits)`,
      allowed: `less than the recovery point of ${recoveryPoint}`,
      fix: "run it more often, shorten its deadlines, or promise a longer recovery point",
    },
  ];
}
