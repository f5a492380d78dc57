import { kubeStateMetricsDown } from "../prometheus/kubeStateMetrics.ts";
import type { RuleEnvironment } from "../prometheus/rules.ts";
import { type AlertRule, alertRule, type RecordingRule } from "../prometheus/rules.ts";
import { formatSeconds } from "../values/duration.ts";
import type { Severity } from "../values/severity.ts";
import { weekdays } from "../values/weekday.ts";
import type { WeekdayGuard } from "../values/weekdayGuard.ts";
import { STALE_FOR } from "./maintenanceJob.ts";

export interface JobAlertFacts {
  service: string;
  namespace: string;
  job: string;
  /** Seconds after the last success at which the job is stale. */
  staleAfter: number;
  /** Severity of the alerts on a stale or missing job. @default no such alerts, as for a job that only a person starts */
  severity?: "warning" | "critical";
  /** The condition for a run to do its work; runs that skip it are not counted. */
  only?: WeekdayGuard;
  environment: RuleEnvironment;
}

/** The alerts of every maintenance job, from kube-state-metrics' series only. */
export function jobAlerts(facts: JobAlertFacts): AlertRule[] {
  const { service, namespace, job, staleAfter, severity, only, environment } = facts;
  const cronJob = selector(facts);
  const rule = (name: string, expr: string, wait: string, level: Severity, summary: string, description: string) =>
    alertRule({ service, namespace }, environment, {
      name,
      expr,
      for: wait,
      severity: level,
      labels: { cronjob: job },
      summary,
      description,
    });
  const failed = rule(
    "MaintenanceJobFailed",
    // The newest finished run decides, so that the alert resolves with the next success, not with the old Job's removal.
    `max(${completions(facts)} or kube_cronjob_created{${cronJob}}${only ? ` or ${QUALIFYING}{${cronJob}}` : ""})` +
      ` < max(${starts(facts)} and on (namespace, job_name) kube_job_failed{condition="true"} == 1)`,
    "1m",
    "warning",
    `The last run of ${job} failed`,
    `A Job of CronJob ${namespace}/${job} failed, and none that started later has completed.`,
  );
  if (severity === undefined) return [failed];
  // Before the first success there is no series; until then the CronJob's creation counts.
  const lastSuccess = only
    ? `max(${QUALIFYING}{${cronJob}} or ${WATCHED}{${cronJob}})`
    : `max(kube_cronjob_status_last_successful_time{${cronJob}} or kube_cronjob_created{${cronJob}})`;
  return [
    rule(
      "MaintenanceJobStale",
      `time() - ${lastSuccess} > ${staleAfter}`,
      STALE_FOR,
      severity,
      `${job} has not succeeded for more than ${formatSeconds(staleAfter)}`,
      `The last successful run of CronJob ${namespace}/${job} is {{ $value | humanizeDuration }} ago; as scheduled it is never more than ${formatSeconds(staleAfter)}.`,
    ),
    rule(
      "MaintenanceJobMissing",
      // ExporterMissing fires if kube-state-metrics is down.
      `absent(kube_cronjob_info{${cronJob}}) unless on () ${kubeStateMetricsDown}`,
      "15m",
      severity,
      `${job} does not exist`,
      `CronJob ${namespace}/${job} is declared, and was deleted: kube-state-metrics reports others.`,
    ),
    rule(
      "MaintenanceJobSuspended",
      `max(kube_cronjob_spec_suspend{${cronJob}}) == 1`,
      "15m",
      // A job that stays so becomes stale, with that alert's severity.
      "warning",
      `${job} is suspended`,
      `CronJob ${namespace}/${job} is declared to run, and is suspended: it does not run until it is resumed.`,
    ),
    failed,
  ];
}

/** When a guarded job last did its work. */
const QUALIFYING = "upkeep:maintenance_job_qualifying_success:timestamp";

/** When Prometheus first saw the job. */
const WATCHED = "upkeep:maintenance_job_watched:timestamp";

/** The longest outage of Prometheus after which it still knows the value. */
const REMEMBERED = "1d";

/**
 * The recording rules that a job's alerts need. A guarded job also succeeds on days on which it does nothing, and the Job of the last
 * day that counted may be gone from the history before the next one: so Prometheus records when it ended.
 */
export function jobRecords(facts: JobAlertFacts): RecordingRule[] {
  const { service, namespace, job, severity, only } = facts;
  if (!only || severity === undefined) return [];
  const labels = { service, namespace, cronjob: job };
  const known = (record: string) => `last_over_time(${record}{${selector(facts)}}[${REMEMBERED}])`;
  return [
    { record: QUALIFYING, expr: `max(${completions(facts)} or ${known(QUALIFYING)})`, labels },
    // If Prometheus has lost its data, the job has one gap between runs from then on.
    { record: WATCHED, expr: `max(${known(WATCHED)}) or vector(time())`, labels },
  ];
}

/**
 * PromQL of the seconds since the start of the newest run that completed: the age of what it made. Once its Job is removed, the age is
 * counted from its end; before the first success there is no series.
 */
export function newestRunAge(facts: Pick<JobAlertFacts, "namespace" | "job">): string {
  const started = `max(${starts(facts)} and on (namespace, job_name) ${completions(facts)})`;
  const succeeded = `max(kube_cronjob_status_last_successful_time{${selector(facts)}})`;
  return `time() - (${started} or ${succeeded})`;
}

function selector({ namespace, job }: Pick<JobAlertFacts, "namespace" | "job">): string {
  return `namespace="${namespace}",cronjob="${job}"`;
}

/** Which runs of which job. */
type Runs = Pick<JobAlertFacts, "namespace" | "job" | "only">;

/** Starts of the runs that should do the work. */
function starts({ namespace, job, only }: Runs): string {
  const started = `kube_job_status_start_time{namespace="${namespace}",job_name=~"${job}-[0-9]+"}`;
  return only ? `(${started} and day_of_week(${started}) == ${weekdays.indexOf(only.weekday)})` : started;
}

/** Ends of the runs that did the work. */
function completions(facts: Runs): string {
  const { namespace, job, only } = facts;
  const completed = `kube_job_status_completion_time{namespace="${namespace}",job_name=~"${job}-[0-9]+"}`;
  return only ? `(${completed} and on (namespace, job_name) ${starts(facts)})` : completed;
}
