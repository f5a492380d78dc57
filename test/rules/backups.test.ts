import { jobAlerts, jobRecords } from "../../domain/jobs/jobAlerts.ts";
import { environmentOf } from "../support/environment.ts";
import { kubeStateMetrics } from "./exporters.ts";
import { type Firing, fires, judge, type Series } from "./promtool.ts";

/** Samples of a day, one an hour. */
const DAY = 24;
const HOUR = 3600;
const one = { namespace: "shop", cronjob: "shop-orders-drill" };

/** A job that runs each day and works on Saturdays; promtool's clock begins on Thursday, 1 January 1970. */
const facts = {
  service: "shop",
  namespace: one.namespace,
  job: one.cronjob,
  staleAfter: 8 * DAY * HOUR,
  severity: "warning",
  only: { weekday: "saturday" },
  environment: environmentOf("prod"),
} as const;
const groups = [{ name: "job", rules: [...jobRecords(facts), ...jobAlerts(facts)] }];

const judged = (given: Series, ...expected: Firing[]) => judge(groups, given, expected, "1h");
const stale = fires("MaintenanceJobStale");
const failed = fires("MaintenanceJobFailed");

/** A day's run at 06:00, ended after an hour, as long as its Job is kept. @param day 1 is Thursday, 3 the first Saturday */
function run(day: number, outcome: "completed" | "failed", keptUntilDay: number): Series {
  const job = { namespace: one.namespace, job_name: `${one.cronjob}-${day}` };
  const start = (day - 1) * DAY + 6;
  const series = (name: string, labels: object, value: number, from: number) =>
    kubeStateMetrics(name, { ...job, ...labels }, `_x${from} ${value}x${(keptUntilDay - 1) * DAY - from} stale`);
  return {
    ...series("kube_job_status_start_time", {}, start * HOUR, start),
    ...(outcome === "completed"
      ? series("kube_job_status_completion_time", {}, (start + 1) * HOUR, start + 1)
      : series("kube_job_failed", { condition: "true" }, 1, start + 1)),
  };
}

const days = 19;
const created = kubeStateMetrics("kube_cronjob_created", one, `0x${days * DAY}`);
const there = kubeStateMetrics("kube_cronjob_info", one, `1x${days * DAY}`);
/** What kube-state-metrics says of runs that did nothing as well. */
const daily = kubeStateMetrics("kube_cronjob_status_last_successful_time", one, `0+3600x${days * DAY}`);
const base = { ...created, ...there, ...daily };
const late = (age: string) =>
  `The last successful run of CronJob shop/shop-orders-drill is ${age} ago; as scheduled it is never more than 8d.`;
const why = "A Job of CronJob shop/shop-orders-drill failed, and none that started later has completed.";

describe("the alerts of a job that works on one weekday", function () {
  this.timeout("3m");

  it("count only the runs of that day: a run that had nothing to do resolves nothing", () =>
    judged(
      { ...base, ...run(3, "completed", 5), ...run(4, "completed", 8), ...run(9, "completed", 15) },
      stale("10d7h"),
      stale("10d9h", late("8d 2h 0m 0s")),
    ));

  it("remember the day that counted after its Job is gone from the history", () =>
    judged(
      { ...base, ...run(3, "completed", 5), ...run(10, "completed", 12) },
      stale("9d"),
      stale("15d"),
      stale("17d9h", late("8d 2h 0m 0s")),
    ));

  it("count from when Prometheus began to watch, where it knows of no such run", () =>
    judged({ ...base, ...run(4, "completed", 8) }, stale("8d"), stale("8d2h", late("8d 2h 0m 0s"))));

  it("fire for a failed run until the next that counts has completed, whatever other days do", () =>
    judged(
      { ...base, ...run(3, "failed", 19), ...run(4, "completed", 8), ...run(10, "completed", 12) },
      failed("2d6h"),
      failed("2d8h", why),
      failed("9d", why),
      failed("9d12h"),
      // The Job that completed is gone, the one that failed is kept.
      failed("15d"),
    ));

  it("do not fire for a failed run of another day", () => judged({ ...base, ...run(4, "failed", 19) }, failed("5d")));
});
