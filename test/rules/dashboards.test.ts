import assert from "node:assert/strict";
import { objectiveRules } from "../../domain/alerting/objectives.ts";
import { serviceAlerts } from "../../domain/alerting/serviceAlerts.ts";
import { dashboard } from "../../domain/dashboards/dashboard.ts";
import { cloudNativePg } from "../../domain/declaration/continuous.ts";
import { postgres, secret } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { MaintenanceWindow } from "../../domain/declaration/window.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { assumed, guide } from "../../domain/values/sourced.ts";
import { secondsToOpening } from "../../domain/windows/nextOpening.ts";
import { declaredServices } from "../../services/index.ts";
import { environmentOf, withFeatures } from "../support/environment.ts";
import { isOpen, nextOpenings } from "../support/openings.ts";
import { billing, shop } from "../support/shop.ts";
import { claim, run, seriesOf } from "./dashboardSeries.ts";
import { cadvisor, kubeStateMetrics, limit, owned, series } from "./exporters.ts";
import { judge, type Value } from "./promtool.ts";

/** Each query of a dashboard, by its panel's title and its own legend. */
function queriesOf(service: Service, environment: Environment): Map<string, string> {
  const found = (dashboard(service, environment).panels ?? []).flatMap((panel) => {
    const targets = ("targets" in panel ? panel.targets : undefined) as
      | { expr: string; legendFormat?: string }[]
      | undefined;
    return (targets ?? []).map(({ expr, legendFormat }) => [`${panel.title}: ${legendFormat ?? ""}`, expr] as const);
  });
  assert.equal(new Set(found.map(([name]) => name)).size, found.length, "two queries of a panel have one legend");
  return new Map(found);
}

function rulesOf(service: Service, environment: Environment) {
  return [{ name: "alerts", rules: serviceAlerts(service, environment) }, ...objectiveRules(service, environment)];
}

const services = [shop, billing, ...(await declaredServices())];

for (const stack of ["prod", "staging", "sandbox"]) {
  describe(`the dashboards of ${stack}`, function () {
    this.timeout("2m");
    const environment = environmentOf(stack);
    for (const declared of services) {
      it(`show data in each panel of ${declared.name}'s`, async () => {
        const service = inEnvironment(declared, environment);
        const queries = [...queriesOf(service, environment).values()];
        assert.ok(queries.length > 0);
        const answered = queries.map((expr): Value => ({ at: "100m", expr: `count(${expr}) > bool 0`, value: 1 }));
        await judge(rulesOf(service, environment), seriesOf(service, environment), answered);
      });
    }
  });
}

describe("a dashboard", function () {
  this.timeout("2m");
  const environment = withFeatures();

  it("shows what the exporters report", async () => {
    const queries = queriesOf(shop, environment);
    const shown: [name: string, value: number][] = [
      // Both workloads lack a pod.
      ["Firing: ", 2],
      ["Availability, 30d: succeeded", 0.9995],
      ["Error budget left, 30d: left", 0.5],
      ["Burn rate: 1h", 0.5],
      ["Requests: all", 2000 / 60],
      ["Requests: failed", 1 / 60],
      ["Errors: failed", 0.0005],
      ["Percentiles: 50%", 0.1],
      ["Percentiles: 95%", 0.91],
      ["Certificates end in: {{instance}}", 3 * (60 * 86_400 - 6000)],
      // Three addresses.
      ["Probes: {{instance}}", 3],
      ["Probes' durations: {{instance}}", 0.75],
      ["Age of the newest backup: orders", 6000 - run.started],
      ["Last drill: orders", run.took],
      ["Pods of shop-web: ready", 2],
      ["Pods of shop-web: wanted", 3],
      ["Pods of shop-web: autoscaler wants", 4],
      ["Pods of shop-web: autoscaler's least", 2],
      ["Pods of shop-web: autoscaler's most", 10],
      // Of each panel the sum of its curves.
      ["CPU of the largest pods: {{pod}}", 0.75],
      ["CPU used and requested: used", 0.75],
      ["CPU used and requested: requested", 1.5],
      ["Memory of the largest pods: {{pod}}", 3e9],
      ["Memory used and requested: used", 3e9],
      ["Memory used and requested: requested", 6e9],
      ["Claims: {{persistentvolumeclaim}}", (claim.first + 100 * claim.each) / claim.capacity],
      ["Claims' growth a month: {{persistentvolumeclaim}}", 30 * 1440 * claim.each],
      ["Claims in 90d: {{persistentvolumeclaim}}", (claim.first + (100 + 90 * 1440) * claim.each) / claim.capacity],
    ];
    const expected = shown.map(([name, value]): Value => {
      const expr = queries.get(name);
      assert.ok(expr, `no query ${name} among ${[...queries.keys()].join(", ")}`);
      return { at: "100m", expr: `round(${expr}, 1e-4)`, value: Math.round(value * 1e4) / 1e4 };
    });
    const up = series("up", { namespace: "shop", job: "shop" }, "1x180");
    await judge(rulesOf(shop, environment), { ...seriesOf(shop, environment), ...up }, expected);
  });

  it("shows what is recommended beside what each container of the workload requests, where that is known", async () => {
    const queries = queriesOf(shop, withFeatures("vpa"));
    const pod = "shop-web-7d9f-x2x4z";
    const of = { namespace: "shop", container: "shop-web" };
    const target = { target_kind: "Deployment", target_name: "shop-web", verticalpodautoscaler: "shop-web" };
    const recommended = (resource: string, unit: string, value: number) =>
      kubeStateMetrics(
        "kube_customresource_verticalpodautoscaler_status_recommendation_containerrecommendations_target",
        { ...of, ...target, resource, unit },
        `${value}x60`,
      );
    const all = {
      ...owned("shop-web", pod),
      ...owned("shop-web-admin", "shop-web-admin-5c8d-p0p0p"),
      ...limit("cpu", { ...of, pod }, "0.5x60", "requests"),
      ...limit("memory", { ...of, pod }, "1000x60", "requests"),
      // Of another workload, and so of no concern here.
      ...limit("cpu", { ...of, pod: "shop-web-admin-5c8d-p0p0p" }, "4x60", "requests"),
      ...cadvisor("container_cpu_usage_seconds_total", { ...of, pod }, "0+6x60"),
      ...cadvisor("container_memory_working_set_bytes", { ...of, pod }, "500x60"),
      ...cadvisor("container_cpu_usage_seconds_total", { ...of, pod: "shop-web-admin-5c8d-p0p0p" }, "0+60x60"),
      ...recommended("cpu", "core", 0.2),
      ...recommended("memory", "byte", 700),
    };
    const shown: [name: string, value: number][] = [
      ["CPU of shop-web: {{container}} uses", 0.1],
      ["Memory of shop-web: {{container}} uses", 500],
      ["CPU of shop-web: {{container}} requests", 0.5],
      ["CPU of shop-web: {{container}} should request", 0.2],
      ["Memory of shop-web: {{container}} requests", 1000],
      ["Memory of shop-web: {{container}} should request", 700],
    ];
    await judge(
      [],
      all,
      shown.map(([name, value]): Value => ({ at: "30m", expr: `sum(${queries.get(name)})`, value })),
    );
  });

  it("counts a backup's age from its end once its Job is gone, and shows none before the first", async () => {
    const age = queriesOf(shop, environment).get("Age of the newest backup: orders") as string;
    const ended = { namespace: "shop", cronjob: "shop-orders-backup" };
    const succeeded = kubeStateMetrics("kube_cronjob_status_last_successful_time", ended, "_x30 1800x60");
    const running = kubeStateMetrics(
      "kube_job_status_start_time",
      { namespace: "shop", job_name: "shop-orders-backup-2" },
      "3000x90",
    );
    await judge([], { ...succeeded, ...running }, [
      { at: "20m", expr: age, value: undefined },
      { at: "50m", expr: age, value: 1200 },
    ]);
  });

  it("shows the ages that a continuous backup's exporter reports", async () => {
    const main = postgres("main", {
      ...{ host: "main-rw", namespace: "database", version: 17, database: "orders", size: assumed("500Gi") },
      credentials: secret("main-app"),
      continuous: cloudNativePg({
        cluster: "main",
        within: guide("5m"),
        baseBackupWithin: assumed("3h"),
        drill: { job: "main-restore", every: assumed("8d") },
      }),
    });
    const queries = queriesOf({ ...shop, datastores: [main], backups: [] }, environment);
    const pod = { namespace: "database", pod: "main-1" };
    const ran = { namespace: "database", job_name: "main-restore-1" };
    await judge(
      [],
      {
        ...series("cnpg_pg_replication_in_recovery", pod, "0x90"),
        ...series("cnpg_pg_stat_archiver_seconds_since_last_archival", pod, "70x90"),
        ...series("cnpg_collector_pg_wal_archive_status", { ...pod, value: "ready" }, "2x90"),
        ...series("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp", pod, "60x90"),
        ...kubeStateMetrics("kube_job_status_start_time", ran, "100x90"),
        ...kubeStateMetrics("kube_job_status_completion_time", ran, "400x90"),
      },
      [
        { at: "60m", expr: queries.get("Age of the newest backup: main, archive") as string, value: 70 },
        { at: "60m", expr: queries.get("Age of the newest backup: main, base backup") as string, value: 3540 },
        { at: "60m", expr: queries.get("Last drill: main") as string, value: 300 },
      ],
    );
  });

  const windows: [string, MaintenanceWindow["on"], string, MaintenanceWindow["lasts"]["value"]][] = [
    ["each day", { every: "day" }, "00:00", "15m"],
    ["each Sunday", { every: "sunday" }, "02:00", "2h"],
    ["each Thursday, the first day of PromQL's clock", { every: "thursday" }, "23:30", "2h"],
    ["each first Saturday", { first: "saturday" }, "06:00", "4h"],
    ["each first Thursday, into the next day", { first: "thursday" }, "22:15", "6h"],
  ];
  for (const [when, on, at, lasts] of windows) {
    it(`counts the seconds to a window that opens ${when}`, async () => {
      const window: MaintenanceWindow = { name: "w", on, at: assumed(at), lasts: assumed(lasts), timeZone: "Etc/UTC" };
      // Each 7 hours and 11 minutes of 120 days, in which a first weekday is four and five weeks after the last.
      const minutes = Array.from({ length: 402 }, (_, index) => index * 431);
      const expected = minutes.map((minute): Value => {
        const instant = new Date(minute * 60_000);
        const [next] = nextOpenings(window, instant, 1);
        const seconds = isOpen(window, instant)
          ? 0
          : ((next as { opens: Date }).opens.getTime() - instant.getTime()) / 1000;
        return { at: `${minute}m`, expr: secondsToOpening(window), value: seconds };
      });
      await judge([], {}, expected, "1d");
    });
  }
});
