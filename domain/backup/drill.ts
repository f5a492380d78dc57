import type { Datastore, Volume } from "../declaration/datastore.ts";
import { datastoreOf } from "../declaration/datastoreOf.ts";
import type { Drill } from "../declaration/drill.ts";
import { faultsOf } from "../declaration/parse.ts";
import type { Backup, Service } from "../declaration/service.ts";
import { cronJobName } from "../declaration/texts.ts";
import { jobFaults } from "../jobs/maintenanceJob.ts";
import type { RuleEnvironment } from "../prometheus/rules.ts";
import { type AlertRule, alertRule } from "../prometheus/rules.ts";
import { type Duration, formatSeconds, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { weekdays } from "../values/weekday.ts";
import { kindOf, kindsThatAre } from "./datastores/kinds.ts";

/** Annotation of a drill's CronJob: the name of the datastore whose restore it rehearses. */
export const DRILLS = "upkeep/drills";

/** A restore's deadline is this many times the promised recovery time: a late restore is better than none. */
const PATIENCE = 4;

/** The share of the recovery time above which a drill's duration alerts, before the promise is broken. */
const SLOW = 0.8;

/** Whether a job restores the datastore's backups when a person starts it. */
export function isRestored(datastore: Datastore): boolean {
  return kindOf(datastore).restored === true;
}

/** Name of the suspended CronJob that restores a backup. */
export function restoreJob({ job }: Pick<Backup, "job">): string {
  return `${job}-restore`;
}

/** Name of the claim that a restore of a volume fills: a new one, never the one in use. */
export function restoredClaim({ claim }: Pick<Volume, "claim">): string {
  return `${claim}-restored`;
}

/** The fields of a service that its restores depend on. */
type RestoredService = Pick<Service, "name"> & { objectives: Pick<Service["objectives"], "recoveryTime"> };

/** Deadline of a restore job. */
export function restoreDeadline({ objectives }: RestoredService): Duration {
  return `${PATIENCE * seconds(objectives.recoveryTime.value)}s`;
}

/** Names of the CronJobs that restore a backup: its drill's and the one that a person starts. */
export function jobsOfDrills(service: Service, backup: Backup): string[] {
  const datastore = datastoreOf(service, backup);
  const restores = datastore !== undefined && isRestored(datastore);
  return [...(backup.drill ? [backup.drill.job] : []), ...(restores ? [restoreJob(backup)] : [])];
}

/** Faults of drills, and of the names of restore jobs. */
export function drillFaults(service: Service): Fault[] {
  return service.backups.flatMap((backup, index) => {
    const datastore = datastoreOf(service, backup);
    const at = `backups[${index}]`;
    // serviceFaults refuses a backup without a datastore.
    if (!datastore) return [];
    return [
      ...(isRestored(datastore) ? faultsOf(cronJobName, restoreJob(backup), `${at}: the job of its restore`) : []),
      ...(backup.drill ? scheduledFaults(service, datastore, backup.drill, `${at}.drill`) : []),
    ];
  });
}

function scheduledFaults(service: Service, datastore: Datastore, drill: Drill, at: string): Fault[] {
  const { job: name, schedule, only, startingDeadline } = drill;
  const { drilled } = kindOf(datastore);
  if (drilled !== true) {
    const got = `of "${datastore.name}", a ${datastore.kind}: ${drilled.no}`;
    const allowed = `a datastore of kind ${kindsThatAre("drilled").join(", ")}`;
    const fix = 'remove the drill, and set undrilled: "<the reason>"';
    return [{ code: "kind-without-drill", path: at, got, allowed, fix }];
  }
  const deadline = service.objectives.recoveryTime.value;
  return [
    ...jobFaults({ name, schedule: schedule.value, ...(only && { only }), startingDeadline, deadline }).map(
      (fault) => ({
        ...fault,
        path:
          fault.path === "deadline" ? "objectives.recoveryTime, which is the drill's deadline," : `${at}.${fault.path}`,
      }),
    ),
    ...(kindOf(datastore).sql ? [] : queryFaults(datastore, drill, at)),
  ];
}

/** Its queries, which nothing answers. */
function queryFaults({ kind }: Datastore, { freshness, assertions = [] }: Drill, at: string): Fault[] {
  const queried = [...(freshness === undefined ? [] : ["freshness"]), ...assertions.map(() => "assertions")];
  return queried.map((field) => ({
    code: "sql-for-another-kind",
    path: `${at}.${field}`,
    got: `SQL for a ${kind}`,
    allowed: `no query: only ${kindsThatAre("sql").join(", ")} can be queried in SQL`,
    fix: "remove it",
  }));
}

/**
 * PromQL of the seconds that the newest completed run of a drill took: MaintenanceJobFailed covers one that failed.
 *
 * @param namespace of its CronJob
 */
export function lastDrillTook({ job, only }: Pick<Drill, "job" | "only">, namespace: string): string {
  const runs = `{namespace="${namespace}",job_name=~"${job}-[0-9]+"}`;
  const byRun = (series: string) => `max by (namespace, job_name) (${series}${runs})`;
  const completed = byRun("kube_job_status_completion_time");
  const started = byRun("kube_job_status_start_time");
  // A run on another day is ended by its guard at once: its duration says nothing about a restore.
  const that = only ? ` and day_of_week(${started}) == ${weekdays.indexOf(only.weekday)}` : "";
  return `max(${completed} - topk(1, ${started} and ${completed}${that}))`;
}

/** Alerts of a drill, in addition to those of every job. @param namespace of its CronJob */
export function drillAlerts(
  service: RestoredService,
  drill: Drill,
  namespace: string,
  environment: RuleEnvironment,
): AlertRule[] {
  const promised = service.objectives.recoveryTime.value;
  const most = SLOW * seconds(promised);
  return [
    alertRule({ service: service.name, namespace }, environment, {
      name: "DrillSlow",
      expr: `${lastDrillTook(drill, namespace)} > ${most}`,
      for: "5m",
      severity: "warning",
      labels: { cronjob: drill.job },
      summary: `${drill.job} took nearly as long as ${service.name} promises to be restored in`,
      description: `The last drill took {{ $value | humanizeDuration }}, which is more than ${formatSeconds(most)}, 80% of the promised ${promised}.`,
    }),
  ];
}
