import assert from "node:assert/strict";
import { type JobAlertFacts, jobAlerts, jobRecords, newestRunAge } from "../../../domain/jobs/jobAlerts.ts";
import { environmentOf } from "../../support/environment.ts";

const facts: JobAlertFacts = {
  service: "shop",
  namespace: "store",
  job: "shop-backup",
  staleAfter: 91_800,
  severity: "critical",
  environment: environmentOf("prod"),
};
const { severity: _, ...byHand } = facts;
const guarded: JobAlertFacts = { ...facts, only: { weekday: "saturday" } };

const cronJob = 'namespace="store",cronjob="shop-backup"';
const jobs = 'namespace="store",job_name=~"shop-backup-[0-9]+"';
const started = `kube_job_status_start_time{${jobs}}`;
const completed = `kube_job_status_completion_time{${jobs}}`;
const qualifying = "upkeep:maintenance_job_qualifying_success:timestamp";
const watched = "upkeep:maintenance_job_watched:timestamp";

/** What every alert of the job says alike. */
const alert = (name: string, expr: string, wait: string, severity: string, summary: string, description: string) => ({
  alert: name,
  expr,
  for: wait,
  labels: { severity, service: "shop", namespace: "store", environment: "prod", cronjob: "shop-backup" },
  annotations: {
    summary,
    description,
    runbook_url: `https://upkeep.example.com/runbooks/${name}.md`,
    dashboard_url: "https://grafana.example.com/d/shop_prod",
  },
});

const failed = alert(
  "MaintenanceJobFailed",
  `max(${completed} or kube_cronjob_created{${cronJob}})` +
    ` < max(${started} and on (namespace, job_name) kube_job_failed{condition="true"} == 1)`,
  "1m",
  "warning",
  "The last run of shop-backup failed",
  "A Job of CronJob store/shop-backup failed, and none that started later has completed.",
);

describe("a maintenance job's alerts", () => {
  it("notify that it is stale, gone or suspended, or that its last run failed", () => {
    assert.deepEqual(jobAlerts(facts), [
      alert(
        "MaintenanceJobStale",
        `time() - max(kube_cronjob_status_last_successful_time{${cronJob}} or kube_cronjob_created{${cronJob}}) > 91800`,
        "5m",
        "critical",
        "shop-backup has not succeeded for more than 25h 30m",
        "The last successful run of CronJob store/shop-backup is {{ $value | humanizeDuration }} ago; as scheduled it is never more than 25h 30m.",
      ),
      alert(
        "MaintenanceJobMissing",
        `absent(kube_cronjob_info{${cronJob}}) unless on () absent(kube_deployment_created)`,
        "15m",
        "critical",
        "shop-backup does not exist",
        "CronJob store/shop-backup is declared, and was deleted: kube-state-metrics reports others.",
      ),
      alert(
        "MaintenanceJobSuspended",
        `max(kube_cronjob_spec_suspend{${cronJob}}) == 1`,
        "15m",
        "warning",
        "shop-backup is suspended",
        "CronJob store/shop-backup is declared to run, and is suspended: it does not run until it is resumed.",
      ),
      failed,
    ]);
  });

  it("notify only that the last run failed where a person starts it", () => {
    assert.deepEqual(jobAlerts(byHand), [failed]);
  });

  it("judge only the runs of its weekday where it is guarded", () => {
    const [stale, missing, suspended, lastFailed] = jobAlerts(guarded);
    const onSaturday = `(${started} and day_of_week(${started}) == 6)`;
    assert.equal(stale?.expr, `time() - max(${qualifying}{${cronJob}} or ${watched}{${cronJob}}) > 91800`);
    assert.deepEqual([missing, suspended], jobAlerts(facts).slice(1, 3));
    assert.equal(
      lastFailed?.expr,
      `max((${completed} and on (namespace, job_name) ${onSaturday}) or kube_cronjob_created{${cronJob}} or ${qualifying}{${cronJob}})` +
        ` < max(${onSaturday} and on (namespace, job_name) kube_job_failed{condition="true"} == 1)`,
    );
  });
});

describe("what is recorded for a maintenance job's alerts", () => {
  it("is, where it is guarded, when it last did its work and since when it is watched, for a day without Prometheus", () => {
    const labels = { service: "shop", namespace: "store", cronjob: "shop-backup" };
    assert.deepEqual(jobRecords(guarded), [
      {
        record: qualifying,
        expr:
          `max((${completed} and on (namespace, job_name) (${started} and day_of_week(${started}) == 6))` +
          ` or last_over_time(${qualifying}{${cronJob}}[1d]))`,
        labels,
      },
      { record: watched, expr: `max(last_over_time(${watched}{${cronJob}}[1d])) or vector(time())`, labels },
    ]);
  });

  it("is nothing where every run counts, or where no alert notifies that it is stale", () => {
    assert.deepEqual(jobRecords(facts), []);
    assert.deepEqual(jobRecords({ ...byHand, only: { weekday: "saturday" } }), []);
  });
});

describe("the age of what a job made", () => {
  it("counts from the start of its newest run that completed, and from the last success once that Job is gone", () =>
    assert.equal(
      newestRunAge(facts),
      `time() - (max(${started} and on (namespace, job_name) ${completed}) or max(kube_cronjob_status_last_successful_time{${cronJob}}))`,
    ));
});
