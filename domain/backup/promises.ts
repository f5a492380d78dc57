import { datastoreOf, keptRecoveryPoint } from "../declaration/datastoreOf.ts";
import type { Backup, Service } from "../declaration/service.ts";
import { type Cadence, jobFaults, STALE_FOR, worstCaseAge, worstCaseSum } from "../jobs/maintenanceJob.ts";
import { duplicates } from "../values/duplicates.ts";
import { type Duration, formatSeconds, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { backupFaults } from "./backupFaults.ts";
import { continuousFaults } from "./continuousAlerts.ts";
import { uncoveredDatastores, undrilledBackups } from "./coverage.ts";
import { kindOf } from "./datastores/kinds.ts";

/** Worst-case loss in seconds, while all goes as declared. Includes the failed runs that the promise survives, and a declared lag. */
export function worstCaseLoss(service: Pick<Service, "datastores">, backup: Backup): number {
  return worstCaseAge(cadence(service, backup));
}

/**
 * The longest time, in seconds, between the start of a run and the end of the next while both succeed: a newest backup older than this
 * must alert. The failed runs that a promise survives leave the time to act.
 */
export function healthyAge(service: Pick<Service, "datastores">, backup: Backup): number {
  return worstCaseAge({ ...cadence(service, backup), survives: 0 });
}

function cadence(service: Pick<Service, "datastores">, backup: Backup): Cadence {
  const { schedule, startingDeadline, deadline, survives = 0 } = backup;
  const datastore = datastoreOf(service, backup);
  const lag = datastore && kindOf(datastore).lag(datastore);
  return { schedule: schedule.value, startingDeadline, deadline, survives, lag };
}

/** Faults of a backup's job. @param path of the backup */
export function backupJobFaults({ job, schedule, startingDeadline, deadline }: Backup, path: string): Fault[] {
  return jobFaults({ name: job, schedule: schedule.value, startingDeadline, deadline }).map((fault) => ({
    ...fault,
    path: `${path}.${fault.path}`,
  }));
}

/** The fields of a service that its backups' promises depend on. */
type PromisedService = Pick<Service, "datastores" | "backups"> & {
  objectives: Pick<Service["objectives"], "recoveryPoint">;
};

/**
 * Faults that would break a promise of the service. Empty if all promises are kept.
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
    ...backupFaults(service),
    ...service.backups.flatMap((backup, index) => promiseFaults(service, backup, `backups[${index}]`)),
  ];
}

function promiseFaults(service: PromisedService, backup: Backup, path: string): Fault[] {
  const { datastores } = service;
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
  const datastore = datastoreOf(service, backup);
  if (backup.secondary && datastore && !kindOf(datastore).continuous(datastore)) {
    faults.push({
      code: "secondary-without-continuous",
      path: `${path}.secondary`,
      got: `${backup.secondary.value}, and "${backup.datastore}" has no continuous backup`,
      allowed: "a continuous backup of the datastore, which keeps its recovery point",
      fix: "declare it (docs/continuous.md), or remove secondary",
    });
  }
  const { value: promised } = keptRecoveryPoint(service, backup);
  const loss = worstCaseLoss(service, backup);
  if (loss >= seconds(promised)) {
    faults.push({
      code: "recovery-point-missed",
      path: `${path}.schedule`,
      got: `"${backup.schedule.value}", which can lose ${formatSeconds(loss)} (${worstCaseSum(cadence(service, backup))})`,
      allowed: `less than the recovery point of ${promised}`,
      fix: "run it more often, shorten its deadlines, or promise a longer recovery point, of this datastore alone if you will",
    });
  } else {
    faults.push(...alertFaults(service, backup, promised, `${path}.schedule`));
  }
  return faults;
}

/**
 * The alert on a backup's age must fire above the worst case of runs that all succeed, and before the recovery point is missed. A promise
 * that survives failed runs leaves it the gaps of these runs; one that survives none must leave at least the alert's `for`.
 */
function alertFaults(service: PromisedService, backup: Backup, recoveryPoint: Duration, path: string): Fault[] {
  const healthy: Cadence = { ...cadence(service, backup), survives: 0 };
  const alertedAfter = worstCaseAge(healthy) + seconds(STALE_FOR);
  if (alertedAfter < seconds(recoveryPoint)) return [];
  return [
    {
      code: "alert-after-recovery-point",
      path,
      got: `"${backup.schedule.value}": a failure is alerted only after ${formatSeconds(alertedAfter)} (${worstCaseSum(healthy)} + ${STALE_FOR} that the alert waits)`,
      allowed: `less than the recovery point of ${recoveryPoint}`,
      fix: "run it more often, shorten its deadlines, or promise a longer recovery point",
    },
  ];
}
