import { formatSeconds } from "./duration.ts";
import type { Environment } from "./environment.ts";
import { STALE_FOR } from "./maintenanceJob.ts";
import { type AlertRule, alertRule } from "./rules.ts";
import type { Severity } from "./severity.ts";

export interface JobAlertFacts {
  service: string;
  namespace: string;
  job: string;
  /** Seconds after which the last success is too long ago. */
  staleAfter: number;
  /** How loud it is when the job has not succeeded for too long, or is gone; left out where only a person starts it. */
  severity?: "warning" | "critical";
  environment: Environment;
}

/** The alerts that every maintenance job brings with it, from kube-state-metrics' series alone. */
export function jobAlerts({ service, namespace, job, staleAfter, severity, environment }: JobAlertFacts): AlertRule[] {
  const cronJob = `namespace="${namespace}",cronjob="${job}"`;
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
    // The newest finished run decides, so that the alert ends with the next success instead of with the old Job's removal.
    `max(kube_job_status_completion_time{namespace="${namespace}",job_name=~"${job}-[0-9]+"} or kube_cronjob_created{${cronJob}})` +
      ` < max(kube_job_status_start_time{namespace="${namespace}",job_name=~"${job}-[0-9]+"} and on (namespace, job_name) kube_job_failed{condition="true"} == 1)`,
    "1m",
    "warning",
    `The last run of ${job} failed`,
    `A Job of CronJob ${namespace}/${job} failed, and none that started later has completed.`,
  );
  if (severity === undefined) return [failed];
  return [
    rule(
      "MaintenanceJobStale",
      // The last success has no series before the first one; the CronJob's creation counts until then.
      `time() - max(kube_cronjob_status_last_successful_time{${cronJob}} or kube_cronjob_created{${cronJob}}) > ${staleAfter}`,
      STALE_FOR,
      severity,
      `${job} has not succeeded for more than ${formatSeconds(staleAfter)}`,
      `The last successful run of CronJob ${namespace}/${job} is {{ $value | humanizeDuration }} ago; as scheduled it is never more than ${formatSeconds(staleAfter)}.`,
    ),
    rule(
      "MaintenanceJobMissing",
      `absent(kube_cronjob_info{${cronJob}})`,
      "15m",
      severity,
      `${job} does not exist`,
      `CronJob ${namespace}/${job} is declared, but kube-state-metrics does not see it: it was deleted, or kube-state-metrics is down.`,
    ),
    failed,
  ];
}
