import { jobAlerts, jobRecords } from "../../domain/alerts.ts";
import { environmentOf } from "../support/environment.ts";
import { kubeStateMetrics } from "./exporters.ts";
import { type Firing, judge, type Series } from "./promtool.ts";

const DAY = 24 * 60;
const one = { namespace: "tapio-system", cronjob: "tapio-drill" };

/** A job that runs on days 1 to 7 of a month and works on the Saturday among them; promtool's clock begins on Thursday, 1 January. */
const facts = {
  service: "tapio",
  namespace: one.namespace,
  job: one.cronjob,
  staleAfter: 36 * DAY * 60,
  severity: "warning",
  only: { weekday: "saturday" },
  environment: environmentOf("prod"),
} as const;
const groups = [{ name: "job", rules: [...jobRecords(facts), ...jobAlerts(facts)] }];

const judged = (given: Series, ...expected: Firing[]) => judge(groups, given, expected);
const fires =
  (alert: string) =>
  (at: string, ...descriptions: string[]): Firing => ({
    at,
    alert,
    fires: descriptions.map((description) => ({ description })),
  });
const stale = fires("MaintenanceJobStale");
const failed = fires("MaintenanceJobFailed");

/** A day's run at 06:00, ended after an hour, as long as its Job is kept. @param day 1 is Thursday, 3 the first Saturday */
function run(day: number, outcome: "completed" | "failed", keptUntilDay: number): Series {
  const job = { namespace: one.namespace, job_name: `${one.cronjob}-${day}` };
  const start = (day - 1) * DAY + 360;
  const series = (name: string, labels: object, value: number, from: number) =>
    kubeStateMetrics(name, { ...job, ...labels }, `_x${from - 1} ${value}x${(keptUntilDay - 1) * DAY - from} stale`);
  return {
    ...series("kube_job_status_start_time", {}, start * 60, start),
    ...(outcome === "completed"
      ? series("kube_job_status_completion_time", {}, (start + 60) * 60, start + 60)
      : series("kube_job_failed", { condition: "true" }, 1, start + 60)),
  };
}

const days = 75;
const created = kubeStateMetrics("kube_cronjob_created", one, `0x${days * DAY}`);
const there = kubeStateMetrics("kube_cronjob_info", one, `1x${days * DAY}`);
/** What kube-state-metrics says of runs that did nothing as well. */
const daily = kubeStateMetrics("kube_cronjob_status_last_successful_time", one, `0+60x${days * DAY}`);
const base = { ...created, ...there, ...daily };
const late = (age: string) =>
  `The last successful run of CronJob tapio-system/tapio-drill is ${age} ago; as scheduled it is never more than 36d.`;
const why = "A Job of CronJob tapio-system/tapio-drill failed, and none that started later has completed.";

describe("the alerts of a job that works on one weekday", function () {
  this.timeout("60s");

  it("count only the runs of that day: a run that had nothing to do mends nothing", () =>
    judged(
      // 3 January is a Saturday; 4 to 7 January and 1 to 6 February have nothing to do; 7 February is the next.
      { ...base, ...run(3, "completed", 9), ...run(4, "completed", 10), ...run(35, "completed", 42) },
      stale("38d"),
      stale("38d8h", late("36d 1h 0m 0s")),
    ));

  it("remember the day that counted after its Job is gone from the history", () =>
    judged(
      { ...base, ...run(3, "completed", 5), ...run(38, "completed", 45) },
      stale("8d"),
      stale("37d"),
      stale("40d"),
      stale("73d"),
      stale("73d8h", late("36d 1h 0m 0s")),
    ));

  it("count from when Prometheus began to watch, where it knows of no such run", () =>
    judged({ ...base, ...run(4, "completed", 10) }, stale("36d"), stale("36d1h", late("36d 1h 0m 0s"))));

  it("tell of a failed run until the next that counts has completed, whatever other days do", () =>
    judged(
      { ...base, ...run(3, "failed", 60), ...run(4, "completed", 10), ...run(38, "completed", 41) },
      failed("2d6h"),
      failed("2d8h", why),
      failed("9d", why),
      failed("37d12h"),
      // The Job that completed is gone, the one that failed is kept.
      failed("45d"),
    ));

  it("do not tell of a failed run of another day", () => judged({ ...base, ...run(4, "failed", 60) }, failed("5d")));
});
