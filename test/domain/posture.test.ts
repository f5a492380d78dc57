import assert from "node:assert/strict";
import { postureTable } from "../../cli/posture.ts";
import { watchingAlerts } from "../../domain/alerting/watching.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { maintenanceWindow } from "../../domain/declaration/window.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { posture } from "../../domain/posture.ts";
import { assumed, guide } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { billing, keeping, shop } from "../support/shop.ts";

const database: Service = { ...keeping(shop, "orders"), workloads: [] };
const prod = environmentOf("prod");
const staging = environmentOf("staging");
const of = (service: Service, environment = prod) => {
  const [only, ...more] = posture(environment, [service]).services;
  assert.deepEqual(more, []);
  return only as NonNullable<typeof only>;
};

describe("the posture", () => {
  it("has a version, the stack's name, and each service", () => {
    const { version, environment, services } = posture(staging, [shop, billing]);
    assert.deepEqual({ version, environment }, { version: 1, environment: "staging" });
    assert.deepEqual(
      services.map(({ name, namespace, team }) => [name, namespace, team]),
      [
        ["shop", "shop", "shop-team"],
        ["billing", "billing", "billing-team"],
      ],
    );
  });

  it("says of each objective what is promised, its source, and what keeps it", () => {
    const { availability, errorRate, latency, recoveryPoint } = of(database);
    assert.deepEqual(availability, {
      promised: "99.9%",
      source: "guide",
      keptBy: "error budget alerts over 30 days",
    });
    assert.deepEqual(errorRate, { promised: "1%", source: "guide", keptBy: "alert after 10m" });
    assert.deepEqual(latency, [{ percentile: 95, promised: "1s", source: "guide", keptBy: "alert after 10m" }]);
    assert.deepEqual(recoveryPoint, {
      promised: "26h",
      source: "assumed",
      keptBy: "backups that lose at most 25h 15m",
    });
    assert.equal(of(shop).recoveryPoint.keptBy, "backups that lose at most 25h 15m");
    assert.equal(of(database).recoveryTime.keptBy, "drills of orders, which end when it is over");
    const undrilled = database.backups.map(({ drill: _, ...backup }) => ({ ...backup, undrilled: "a test" }));
    assert.equal(of({ ...database, backups: undrilled }).recoveryTime.keptBy, "nothing: no restore is rehearsed");
    assert.equal(of({ ...database, backups: undrilled }).backups[0]?.drill, "none: a test");
    assert.equal(of({ ...database, backups: [] }).recoveryPoint.keptBy, "nothing: there is no backup");
  });

  it("leaves out what is not promised", () => {
    const { objectives } = database;
    const { recoveryPoint, recoveryTime } = objectives;
    const bare = of({ ...database, objectives: { recoveryPoint, recoveryTime } });
    assert.deepEqual(
      Object.keys(bare).filter((key) => key === "availability" || key === "errorRate"),
      [],
    );
    assert.deepEqual(bare.latency, []);
  });

  it("keeps the sign of a margin below zero, which its table calls too much", () => {
    const promising = (recoveryPoint: "24h" | "26h"): Service => ({
      ...database,
      objectives: { ...database.objectives, recoveryPoint: guide(recoveryPoint) },
    });
    const margin = (service: Service) => of(service).backups[0]?.margin;
    assert.deepEqual([margin(promising("26h")), margin(promising("24h"))], ["45m", "-1h 15m"]);
    const table = (service: Service) => postureTable(posture(prod, [service]));
    assert.match(table(promising("26h")), /shop-orders-backup, 45m to spare/);
    assert.match(table(promising("24h")), /shop-orders-backup, 1h 15m too much/);
  });

  it("says of each backup when it runs, what it can lose, by how much that is below the promise, and where it is", () => {
    const [backup] = of(database).backups;
    assert.deepEqual(
      { ...backup, manifests: undefined },
      {
        datastore: "orders",
        kind: "postgres",
        job: "shop/shop-orders-backup",
        schedule: "0 2 * * *",
        source: "guide",
        worstCaseLoss: "25h 15m",
        margin: "45m",
        takes: { sum: "10m 40s (20Gi at 32Mi a second)", within: "45m", source: "assumed" },
        keep: "30d",
        shrink: "50%",
        drill: 'shop/shop-orders-drill at "0 4 * * 0"',
        manifests: undefined,
      },
    );
    assert.match(backup?.manifests ?? "", /^s3:\/\/[^/]*shop[^/]*\/database\/manifests\/$/);
    assert.deepEqual(
      of(shop).backups.map(({ datastore, kind, margin }) => [datastore, kind, margin]),
      [
        ["orders", "postgres", "45m"],
        ["cache", "redis", "1h"],
        ["configuration", "configuration", "1h 15m"],
        ["uploads", "volume", "1h 15m"],
        ["dashboards", "grafana", "1h 20m"],
      ],
    );
    const [elsewhere] = database.datastores.map((one) => ({ ...one, namespace: "database" }));
    assert.equal(of({ ...database, datastores: [elsewhere as never] }).backups[0]?.job, "database/shop-orders-backup");
    assert.deepEqual(of({ ...database, datastores: [] }).backups, []);
  });

  it("names each datastore without a backup, and why", () => {
    const [orders] = database.datastores;
    const unprotected = { ...orders, unprotected: "it is a cache" } as NonNullable<typeof orders>;
    assert.deepEqual(of(database).unprotected, []);
    assert.deepEqual(of({ ...database, datastores: [unprotected] }).unprotected, [
      { datastore: "orders", reason: "it is a cache" },
    ]);
  });

  it("names the monitor where it has something to ask, and the addresses that are asked", () => {
    assert.deepEqual(of(database).monitor, {
      job: "shop/shop-health-monitor",
      schedule: "*/5 * * * *",
      source: "guide",
    });
    assert.equal(of({ ...database, datastores: [], backups: [] }).monitor, undefined);
    const { monitor: _, ...unmonitored } = database;
    assert.equal(of(unmonitored).monitor, undefined);
    assert.deepEqual(of(database).endpoints.api, ["https://shop.example.com/health"]);
  });

  it("says whom each severity notifies here, and how soon each alert does: nothing where it notifies no one", () => {
    const here = of({ ...shop, notify: { ...shop.notify, info: [] } });
    assert.deepEqual(here.told, { critical: ["pagerduty", "slack"], warning: ["slack"], info: [] });
    assert.deepEqual(
      here.alerts.map(({ alert }) => alert),
      watchingAlerts(shop, prod).map(({ rule }) => rule.alert),
    );
    // Scraped within 30 s, evaluated within 30 s, held for 5 minutes, grouped for 10 s, and 15 s for the other replica.
    assert.deepEqual(
      here.alerts.find(({ alert }) => alert === "ServiceDown"),
      { alert: "ServiceDown", severity: "critical", toldWithin: "6m 25s" },
    );
    // The 30 days of the budget; its group is evaluated every 5 minutes, and three of these are its 15 minutes.
    assert.equal(here.alerts.find(({ alert }) => alert === "ErrorBudgetLow")?.toldWithin, "30d 26m 15s");
    // Critical alerts page, whatever a service names; where nothing pages they notify no one.
    const silent = { ...shop, notify: { critical: [], warning: [], info: [] } };
    assert.deepEqual(of(silent).told, { critical: ["pagerduty"], warning: [], info: [] });
    assert.deepEqual(
      of(silent, staging).alerts.filter((one) => "toldWithin" in one),
      [],
    );
    assert.deepEqual(of(shop, staging).told.critical, ["slack"]);
  });

  it("watches with the service's rules, its endpoints' and its error budget's alerts, and no record", () => {
    const names = new Set(watchingAlerts(shop, prod).map(({ rule }) => rule.alert));
    for (const name of ["ServiceDown", "EndpointDown", "ErrorBudgetBurn"]) assert.ok(names.has(name), name);
    assert.ok(!names.has(undefined as never));
  });

  it("says within which bounds a workload scales", () => {
    assert.deepEqual(of(shop).autoscalers, [{ workload: "shop-web", min: 3, max: 10, cpu: "70%" }]);
    assert.deepEqual(of(billing).autoscalers, []);
    const smaller = environmentOf("staging", { differs: { autoscale: { "shop/shop-web": { min: 2, max: 3 } } } });
    assert.deepEqual(of(inEnvironment(shop, smaller), smaller).autoscalers, [
      { workload: "shop-web", min: 2, max: 3, cpu: "70%" },
    ]);
  });

  it("says when warnings notify no one", () => {
    const windows = [
      maintenanceWindow("daily", { on: { every: "day" }, at: assumed("00:00"), lasts: guide("15m") }),
      ...shop.windows,
      maintenanceWindow("monthly", { on: { first: "saturday" }, at: guide("06:00"), lasts: guide("4h") }),
    ];
    assert.deepEqual(of({ ...shop, windows }).windows, [
      { name: "daily", opens: "every day at 00:00 Etc/UTC", lasts: "15m", source: "assumed" },
      { name: "weekly", opens: "every sunday at 02:00 Etc/UTC", lasts: "2h", source: "guide" },
      { name: "monthly", opens: "the first saturday of a month at 06:00 Etc/UTC", lasts: "4h", source: "guide" },
    ]);
  });
});
