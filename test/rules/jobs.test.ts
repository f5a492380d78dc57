import { jobAlerts } from "../../domain/jobs/jobAlerts.ts";
import { environmentOf } from "../support/environment.ts";
import { clusterSeen, kubeStateMetrics } from "./exporters.ts";
import { type Firing, fires, judge, type Series } from "./promtool.ts";

const one = { namespace: "shop", cronjob: "shop-orders-backup" };

/** A daily job whose success may be an hour old, so that the tests are short. */
const rules = jobAlerts({
  service: "shop",
  namespace: one.namespace,
  job: one.cronjob,
  staleAfter: 3600,
  severity: "critical",
  environment: environmentOf("prod"),
});

const judged = (given: Series, ...expected: Firing[]) => judge([{ name: "job", rules }], given, expected);

const created = kubeStateMetrics("kube_cronjob_created", one, "0x200");
const there = kubeStateMetrics(
  "kube_cronjob_info",
  { ...one, schedule: "0 2 * * *", concurrency_policy: "Forbid" },
  "1x200",
);
const succeeded = (samples: string) => kubeStateMetrics("kube_cronjob_status_last_successful_time", one, samples);

describe("MaintenanceJobStale", () => {
  const stale = fires("MaintenanceJobStale");
  const late = (age: string) =>
    `The last successful run of CronJob shop/shop-orders-backup is ${age} ago; as scheduled it is never more than 1h.`;

  it("fires when the last success is stale, and resolves with the next", () =>
    judged(
      { ...created, ...there, ...succeeded("600x99 6000x100") },
      stale("1h10m"),
      stale("1h17m", late("1h 7m 0s")),
      stale("1h45m"),
    ));

  it("fires for a job that never succeeded, counted from when it was made", () =>
    judged({ ...created, ...there }, stale("1h"), stale("1h6m", late("1h 6m 0s"))));
});

describe("MaintenanceJobMissing", () => {
  const missing = fires("MaintenanceJobMissing");

  it("fires when the CronJob is gone, and not for a short gap", () =>
    judged(
      { ...clusterSeen, ...created, ...kubeStateMetrics("kube_cronjob_info", one, "1x30 _x18 1x30 stale") },
      missing("47m"),
      missing("1h"),
      missing(
        "1h40m",
        "CronJob shop/shop-orders-backup is declared, and was deleted: kube-state-metrics reports others.",
      ),
    ));

  it("is silent while kube-state-metrics is down, for which ExporterMissing fires", () =>
    judged({ ...created, ...kubeStateMetrics("kube_cronjob_info", one, "1x30 stale") }, missing("1h40m")));
});

describe("MaintenanceJobSuspended", () => {
  const suspended = fires("MaintenanceJobSuspended");

  it("fires when the CronJob is suspended, and not for a short while", () =>
    judged(
      { ...created, ...there, ...kubeStateMetrics("kube_cronjob_spec_suspend", one, "0x30 1x5 0x20 1x40 0x50") },
      suspended("40m"),
      suspended("1h"),
      suspended(
        "1h20m",
        "CronJob shop/shop-orders-backup is declared to run, and is suspended: it does not run until it is resumed.",
      ),
      suspended("1h50m"),
    ));
});

describe("MaintenanceJobFailed", () => {
  const failed = fires("MaintenanceJobFailed");
  const says = "A Job of CronJob shop/shop-orders-backup failed, and none that started later has completed.";
  const job = (run: string) => ({ namespace: one.namespace, job_name: `shop-orders-backup-${run}` });
  const started = (run: string, samples: string) => kubeStateMetrics("kube_job_status_start_time", job(run), samples);
  const completed = (run: string, samples: string) =>
    kubeStateMetrics("kube_job_status_completion_time", job(run), samples);
  const gaveUp = (run: string, samples: string) =>
    kubeStateMetrics("kube_job_failed", { ...job(run), condition: "true" }, samples);

  it("fires when the newest run failed, and ends with the next that completes, though the failed one is kept", () =>
    judged(
      {
        ...created,
        ...there,
        ...started("1", "_x50 3000x150"),
        ...gaveUp("1", "_x55 1x145"),
        ...started("2", "_x60 3600x140"),
        ...completed("2", "_x70 4200x130"),
      },
      failed("53m"),
      failed("59m", says),
      failed("1h5m", says),
      failed("1h20m"),
    ));

  it("is silent for a run whose pod failed once and then succeeded", () =>
    judged(
      {
        ...created,
        ...there,
        ...started("1", "600x200"),
        ...kubeStateMetrics("kube_job_status_failed", job("1"), "1x200"),
        ...kubeStateMetrics("kube_job_failed", { ...job("1"), condition: "false" }, "1x200"),
        ...completed("1", "_x20 1200x180"),
      },
      failed("1h"),
    ));

  it("is silent about a job whose name begins alike", () =>
    judged({ ...created, ...there, ...started("test-1", "600x200"), ...gaveUp("test-1", "1x200") }, failed("1h")));
});
