import assert from "node:assert/strict";
import { checksOf, monitorConfiguration } from "../../../domain/alerting/checks.ts";
import { healthFaults } from "../../../domain/alerting/healthFaults.ts";
import { monitorSeverity, probesOf } from "../../../domain/alerting/probes.ts";
import { endpoint, postgres, redis, secret } from "../../../domain/declaration/declaration.ts";
import type { Backup, Monitor, Service } from "../../../domain/declaration/service.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import { inEnvironment } from "../../../domain/environment/inEnvironment.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

const prod = environmentOf("prod");
const sandbox = environmentOf("sandbox");
const monitor = shop.monitor as Monitor;

/** Prod without some features. */
const lacking = (features: Partial<Environment["features"]>) => ({
  ...prod,
  features: { ...prod.features, ...features },
});
const withoutExporter: Environment = (() => {
  const { blackboxExporter: _, ...features } = prod.features;
  return { ...prod, features };
})();

describe("what watches a service", () => {
  it("is a Probe per endpoint, in the job that others rely on, where an exporter and the operator are there", () => {
    assert.deepEqual(
      probesOf(shop, prod).map(({ name, jobName }) => [name, jobName]),
      [
        ["shop-api", "upkeep/shop/api"],
        ["shop-pages", "upkeep/shop/pages"],
      ],
    );
  });

  it("leaves the datastores to the monitor, PostgreSQL and Redis alone, at a severity that pages", () => {
    assert.deepEqual(
      checksOf({ ...shop, backups: [] }, prod).map(({ kind, name, instance, severity }) => [
        kind,
        name,
        instance,
        severity,
      ]),
      [
        ["postgres", "orders", "postgresql:5432", "critical"],
        ["redis", "cache", "redis:6379", "critical"],
      ],
    );
  });

  for (const [lack, environment] of [
    ["no exporter", withoutExporter],
    ["an exporter and no operator that would read Probes", lacking({ prometheusOperator: false })],
  ] as const) {
    it(`is the monitor alone where the cluster has ${lack}: it checks each address, at its endpoint's severity`, () => {
      assert.deepEqual(probesOf(shop, environment), []);
      const asked = checksOf(shop, environment).filter(({ kind }) => kind === "http");
      assert.equal(asked.length, 3);
      assert.deepEqual(asked.at(0), {
        kind: "http",
        name: "api",
        instance: "https://shop.example.com/health",
        url: "https://shop.example.com/health",
        severity: "critical",
      });
      assert.equal(asked.at(-1)?.severity, "warning");
    });
  }

  it("asks at the environment's addresses", () => {
    const differs = { origins: { "https://shop.example.com": "http://shop-web.shop.svc" } };
    const here = environmentOf("sandbox", { differs });
    const urls = checksOf(inEnvironment(shop, here), here).flatMap((check) => (check.kind === "http" ? check.url : []));
    assert.equal(urls[0], "http://shop-web.shop.svc/health");
  });

  it("reaches a datastore of another namespace by a name that resolves there, and leaves full names alone", () => {
    const facts = { size: assumed("1Gi" as const), namespace: "database" };
    const datastores = [
      redis("near", { ...facts, host: "redis", namespace: "shop" }),
      redis("far", { ...facts, host: "redis" }),
      redis("outside", { ...facts, host: "redis.example.com" }),
    ];
    assert.deepEqual(
      checksOf({ ...shop, datastores }, prod).map(({ instance }) => instance),
      ["redis:6379", "redis.database.svc:6379", "redis.example.com:6379"],
    );
  });

  it("looks how old each backup is in S3, and may find it as old as its schedule explains", () => {
    const backups = checksOf(shop, prod).filter(({ kind }) => kind === "backup");
    assert.deepEqual(backups[0], {
      kind: "backup",
      name: "backup of orders",
      instance: "s3://shop-backups-prod-111111111111-eu-central-1/database/manifests/",
      severity: "warning",
      bucket: "shop-backups-prod-111111111111-eu-central-1",
      manifests: "database/manifests/",
      maximumAge: (24 * 60 + 30 + 45) * 60,
      recoveryPoint: "26h",
    });
    assert.equal(backups.length, 5);
    // The failed run that a recovery point survives is time to act: the maximum age does not include it.
    const [orders] = keeping(shop, "orders").backups as [Backup];
    const often: Backup = {
      ...orders,
      ...{ schedule: assumed("*/20 * * * *"), startingDeadline: "2m", deadline: "15m", survives: 1 },
    };
    const [first] = checksOf({ ...shop, backups: [often] }, prod).filter((check) => check.kind === "backup");
    assert.equal(first?.maximumAge, (20 + 2 + 15) * 60);
  });

  it("holds a failed check's alert until the next result can be there, and has half of the deadline for itself", () => {
    const { validFor, deadline, labels, runbooks, alertmanagers } = monitorConfiguration(shop, monitor, prod);
    assert.equal(validFor, (5 + 2 + 4) * 60);
    assert.equal(deadline, 120);
    assert.deepEqual(labels, { service: "shop", namespace: "shop", environment: "prod" });
    assert.equal(runbooks, "https://upkeep.example.com/runbooks");
    assert.deepEqual(alertmanagers, prod.monitoring.alertmanagers);
  });

  it("knows the service's dashboard where Grafana is named", () => {
    assert.equal(monitorConfiguration(shop, monitor, prod).dashboard, "https://grafana.example.com/d/shop_prod");
    assert.ok(!("dashboard" in monitorConfiguration(shop, monitor, sandbox)));
  });

  it("pages when the monitor stops only where nothing else would notify", () => {
    assert.equal(monitorSeverity(shop, prod), "warning");
    assert.equal(monitorSeverity(shop, sandbox), "critical");
    const quiet = shop.endpoints.filter(({ severity }) => severity === "warning");
    assert.equal(monitorSeverity({ ...shop, endpoints: quiet }, prod), "critical");
  });
});

describe("a service's health", () => {
  const faults = (service: Service, environment = prod) => refused(healthFaults(service, environment));
  const without = ({ monitor: _, ...service }: Service): Service => service;
  const api = (urls: string[], name = "api") => endpoint(name, urls, { severity: "critical", for: assumed("2m") });

  it("is watched as the shop declares it, with Probes and without", () => {
    assert.deepEqual(healthFaults(shop, prod), []);
    assert.deepEqual(healthFaults(inEnvironment(shop, sandbox), sandbox), []);
  });

  it("is refused where a datastore has no monitor, and says what would be checked", () => {
    const found = healthFaults(without(shop), prod);
    assert.deepEqual(refused(found), [["missing-monitor", "monitor"]]);
    assert.match(found[0]?.allowed ?? "", /"orders", "cache", .* in environment "prod"/);
  });

  it("is refused where endpoints have neither Probes nor a monitor", () => {
    const service = without({ ...shop, datastores: [] });
    assert.deepEqual(faults(service), []);
    assert.deepEqual(faults(service, withoutExporter), [["missing-monitor", "monitor"]]);
  });

  it("needs no monitor where there is nothing to ask", () =>
    assert.deepEqual(faults(without({ ...shop, datastores: [], endpoints: [] }), withoutExporter), []));

  it("is refused where endpoints share a name", () => {
    const urls = ["https://api.example.com/"];
    assert.deepEqual(faults({ ...shop, endpoints: [api(urls), api(urls)] }), [["duplicate-name", "endpoints"]]);
  });

  it("is refused for an endpoint with an address twice", () => {
    const twice = ["https://api.example.com/", "https://api.example.com/"];
    assert.deepEqual(faults({ ...shop, endpoints: [api(["https://a.example.com/"], "once"), api(twice, "twice")] }), [
      ["duplicate-name", "endpoints[1].urls"],
    ]);
  });

  it("is refused where the monitor's times do not work together", () => {
    const changed = (changes: Partial<Monitor>) => faults({ ...shop, monitor: { ...monitor, ...changes } });
    assert.deepEqual(changed({}), []);
    assert.deepEqual(changed({ deadline: "60s" }), []);
    assert.deepEqual(changed({ deadline: "59s" }), [["monitor-deadline-too-short", "monitor.deadline"]]);
    assert.deepEqual(changed({ deadline: "5m" }), [["deadline-outlasts-interval", "monitor.deadline"]]);
    assert.deepEqual(changed({ startingDeadline: "5m" }), [["deadline-outlasts-interval", "monitor.startingDeadline"]]);
    assert.deepEqual(changed({ job: "a".repeat(53) }), [["not-allowed", "monitor.job"]]);
    assert.deepEqual(changed({ deadline: "4" as "4m" }), [["not-allowed", "monitor.deadline"]]);
  });

  it("is refused where the monitor's job is a backup's", () =>
    assert.deepEqual(faults({ ...shop, monitor: { ...monitor, job: "shop-orders-backup" } }), [
      ["monitor-job-taken", "monitor.job"],
    ]));

  it("watches a database whose Secret is elsewhere without it: no check carries credentials", () => {
    const database = postgres("main", {
      host: "postgresql",
      version: 17,
      database: "orders",
      size: assumed("1Gi"),
      credentials: secret("orders-credentials"),
    });
    assert.deepEqual(checksOf({ ...shop, datastores: [database], backups: [] }, prod), [
      {
        kind: "postgres",
        name: "main",
        instance: "postgresql:5432",
        severity: "critical",
        host: "postgresql",
        port: 5432,
        database: "orders",
      },
    ]);
  });
});
