import { drillAlerts } from "../../domain/backup/drill.ts";
import type { Drill } from "../../domain/declaration/drill.ts";
import { assumed } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { keeping, shop } from "../support/shop.ts";
import { kubeStateMetrics } from "./exporters.ts";
import { type Firing, judge, type Series } from "./promtool.ts";

const database = keeping(shop, "orders");
const namespace = "shop";
const weekly: Drill = { job: "shop-orders-drill", schedule: assumed("0 4 * * 3"), startingDeadline: "1h" };

/** A service that promises to be restored in an hour, so that the tests are short. */
const service = { ...database, objectives: { ...database.objectives, recoveryTime: assumed("1h" as const) } };

const judged = (drill: Drill, given: Series, ...expected: Firing[]) =>
  judge([{ name: "drill", rules: drillAlerts(service, drill, namespace, environmentOf("prod")) }], given, expected);

const slow = (at: string, took?: string): Firing => ({
  at,
  alert: "DrillSlow",
  fires: took ? [{ description: `The last drill took ${took}, which is more than 48m, 80% of the promised 1h.` }] : [],
});

/** A run's two series. @param started, took seconds, and since which minute both are there */
const run = (name: string, started: number, took: number, from = 0): Series => {
  const labels = { namespace, job_name: `${weekly.job}-${name}` };
  const since = (value: number) => `${from > 0 ? `_x${from - 1} ` : ""}${value}x200`;
  return {
    ...kubeStateMetrics("kube_job_status_start_time", labels, since(started)),
    ...kubeStateMetrics("kube_job_status_completion_time", labels, since(started + took)),
  };
};

describe("DrillSlow", () => {
  it("fires when the last drill took more than 80% of the recovery time", () =>
    judged(weekly, run("1", 600, 2881), slow("4m"), slow("6m", "48m 1s")));

  it("is silent for exactly 80%", () => judged(weekly, run("1", 600, 2880), slow("30m")));

  it("ends with the next drill that is quick, though the slow one is kept", () =>
    judged(weekly, { ...run("1", 600, 3000), ...run("2", 6000, 60, 100) }, slow("90m", "50m 0s"), slow("110m")));

  it("is silent about a slow drill that was followed by a quick one, and about other jobs", () =>
    judged(weekly, { ...run("1", 600, 60), ...run("0", 60, 3000), ...run("other-1", 900, 3000) }, slow("30m")));

  it("of a guarded drill does not end with a run that its guard ended", () => {
    const saturday = 2 * 86_400; // 1970-01-03
    const guarded: Drill = { ...weekly, only: { weekday: "saturday" } };
    const runs = { ...run("1", saturday, 3000), ...run("2", saturday + 86_400, 2) };
    return judged(guarded, runs, slow("10m", "50m 0s")).then(() => judged(weekly, runs, slow("10m")));
  });
});
