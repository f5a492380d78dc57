import assert from "node:assert/strict";
import { checksOf, monitorConfiguration } from "../../../domain/alerting/checks.ts";
import { healthFaults } from "../../../domain/alerting/healthFaults.ts";
import { monitorSeverity, probesOf } from "../../../domain/alerting/probes.ts";
import { endpoint, postgres, redis, secret } from "../../../domain/declaration/declaration.ts";
import type { Monitor, Service } from "../../../domain/declaration/service.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import { placed } from "../../../domain/environment/placed.ts";
import { refuseFaults } from "../../../domain/values/fault.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { mplp } from "../../../services/mplp.ts";
import { tapio } from "../../../services/tapio.ts";
import { environmentOf } from "../../support/environment.ts";

const prod = environmentOf("prod");
const sandbox = environmentOf("sandbox");
const monitor = mplp.monitor as Monitor;

/** Prod without some features. */
const lacking = (features: Partial<Environment["features"]>) => ({
  ...prod,
  features: { ...prod.features, ...features },
});
const withoutExporter: Environment = (() => {
  const { blackboxExporter: _, ...features } = prod.features;
  return { ...prod, features };
})();

function message(service: Service, environment = prod): string {
  try {
    refuseFaults(`health of service "${service.name}"`, healthFaults(service, environment));
  } catch (error) {
    return (error as Error).message.split("\n").slice(1).join("\n");
  }
  return "";
}

describe("what watches a service", () => {
  it("is a Probe per endpoint, in the job that others rely on, where an exporter and the operator are there", () => {
    assert.deepEqual(
      probesOf(mplp, prod).map(({ name, jobName }) => [name, jobName]),
      [
        ["mplp-api", "upkeep/mplp/api"],
        ["mplp-modules", "upkeep/mplp/modules"],
      ],
    );
  });

  it("leaves the datastores to the monitor, PostgreSQL and Redis alone, loud enough to wake somebody", () => {
    assert.deepEqual(
      checksOf({ ...mplp, backups: [] }, prod).map(({ kind, name, instance, severity }) => [
        kind,
        name,
        instance,
        severity,
      ]),
      [
        ["postgres", "main", "postgresql:5432", "critical"],
        ["redis", "cache", "redis:6379", "critical"],
      ],
    );
  });

  for (const [lack, environment] of [
    ["no exporter", withoutExporter],
    ["an exporter and no operator that would read Probes", lacking({ prometheusOperator: false })],
  ] as const) {
    it(`is the monitor alone where the cluster has ${lack}: it asks each address, as loud as its endpoint`, () => {
      assert.deepEqual(probesOf(mplp, environment), []);
      const asked = checksOf(mplp, environment).filter(({ kind }) => kind === "http");
      assert.equal(asked.length, 11);
      assert.deepEqual(asked.at(0), {
        kind: "http",
        name: "api",
        instance: "https://api.mplp.example.com/health",
        url: "https://api.mplp.example.com/health",
        severity: "critical",
      });
      assert.equal(asked.at(-1)?.severity, "warning");
    });
  }

  it("asks at the environment's addresses", () => {
    const urls = checksOf(placed(mplp, sandbox), sandbox).flatMap((check) => (check.kind === "http" ? check.url : []));
    assert.equal(urls[0], "http://mplp-core-service.mplp-production.svc/health");
  });

  it("reaches a datastore of another namespace by a name that resolves there, and leaves full names alone", () => {
    const facts = { size: assumed("1Gi" as const), namespace: "database" };
    const datastores = [
      redis("near", { ...facts, host: "redis", namespace: "mplp-production" }),
      redis("far", { ...facts, host: "redis" }),
      redis("outside", { ...facts, host: "redis.example.com" }),
    ];
    assert.deepEqual(
      checksOf({ ...mplp, datastores }, prod).map(({ instance }) => instance),
      ["redis:6379", "redis.database.svc:6379", "redis.example.com:6379"],
    );
  });

  it("looks how old each backup is in S3, and may find it as old as its schedule explains", () => {
    const backups = checksOf(mplp, prod).filter(({ kind }) => kind === "backup");
    assert.deepEqual(backups[0], {
      kind: "backup",
      name: "backup of main",
      instance: "s3://mplp-backups-prod-111111111111-eu-central-1/database/manifests/",
      severity: "warning",
      bucket: "mplp-backups-prod-111111111111-eu-central-1",
      manifests: "database/manifests/",
      maximumAge: (24 * 60 + 30 + 45) * 60,
      recoveryPoint: "26h",
    });
    assert.equal(backups.length, 3);
    // The failed run that Tapio's recovery point survives is the time to act in: it is not waited for.
    const [first] = checksOf(tapio, prod).filter((check) => check.kind === "backup");
    assert.equal(first?.maximumAge, (20 + 2 + 15) * 60);
  });

  it("holds a failed check's alert until the next result can be there, and has half of the deadline for itself", () => {
    const { validFor, deadline, labels, runbooks, alertmanagers } = monitorConfiguration(mplp, monitor, prod);
    assert.equal(validFor, (5 + 2 + 4) * 60);
    assert.equal(deadline, 120);
    assert.deepEqual(labels, { service: "mplp", namespace: "mplp-production", environment: "prod" });
    assert.equal(runbooks, "https://upkeep.example.com/runbooks");
    assert.deepEqual(alertmanagers, prod.monitoring.alertmanagers);
  });

  it("wakes somebody when the monitor stops only where nothing else would tell", () => {
    assert.equal(monitorSeverity(mplp, prod), "warning");
    assert.equal(monitorSeverity(mplp, sandbox), "critical");
    const quiet = mplp.endpoints.filter(({ severity }) => severity === "warning");
    assert.equal(monitorSeverity({ ...mplp, endpoints: quiet }, prod), "critical");
  });
});

describe("a service's health", () => {
  const without = ({ monitor: _, ...service }: Service): Service => service;
  const api = (urls: string[], name = "api") => endpoint(name, urls, { severity: "critical", for: assumed("2m") });

  it("is watched as MPLP declares it, with Probes and without", () => {
    assert.deepEqual(healthFaults(mplp, prod), []);
    assert.deepEqual(healthFaults(placed(mplp, sandbox), sandbox), []);
  });

  it("is refused where a datastore has no monitor", () => {
    assert.equal(
      message(without(mplp)),
      `- monitor is missing; allowed: a monitor, for nothing else asks "main", "cache", "backup of main", "backup of cache", "backup of configuration" in environment "prod". Fix: declare for example monitor: { job: "<service>-health-monitor", schedule: assumed("*/5 * * * *"), startingDeadline: "2m", deadline: "4m" }`,
    );
  });

  it("is refused where endpoints have neither Probes nor a monitor", () => {
    const service = without({ ...mplp, datastores: [] });
    assert.equal(message(service), "");
    assert.match(
      message(service, withoutExporter),
      /^- monitor is missing; allowed: a monitor, for nothing else asks "api", "modules" in environment "prod"\. /,
    );
  });

  it("needs no monitor where there is nothing to ask", () => {
    assert.equal(message(without({ ...mplp, datastores: [], endpoints: [] }), withoutExporter), "");
  });

  it("is refused for an address that is none, or that holds a password, without showing it", () => {
    const urls = ["api.example.com/health", "ftp://api.example.com", "https://user:s3cr3t@api.example.com/"];
    const service = { ...mplp, endpoints: [api(urls)] };
    const rest =
      'allowed: an http or https address without a user. Fix: write for example "https://api.example.com/health"';
    const expected = urls.map(
      (url, index) => `- endpoints[0].urls[${index}] is ${url.length} characters that are not such an address; ${rest}`,
    );
    assert.equal(message(service), expected.join("\n"));
  });

  it("is refused for an address with a user or a password alone, and shows none that is there twice", () => {
    const urls = ["https://user@api.example.com/", "https://:s3cr3t@api.example.com/", "https://user@api.example.com/"];
    const faults = healthFaults({ ...mplp, endpoints: [api(urls)] }, prod);
    assert.deepEqual(
      faults.map(({ path, got }) => [path, got]),
      urls.map((url, index) => [
        `endpoints[0].urls[${index}]`,
        `${url.length} characters that are not such an address`,
      ]),
    );
  });

  it("is refused in words for an address that is none, in an environment that moves addresses too", () => {
    assert.match(message(placed({ ...mplp, endpoints: [api(["nowhere"])] }, sandbox), sandbox), /is 7 characters/);
  });

  it("is refused where endpoints share a name, or have none that a Probe may have", () => {
    const urls = ["https://api.example.com/"];
    const service = { ...mplp, endpoints: [api(urls), api(urls), api(urls, "An API")] };
    assert.equal(
      message(service),
      `- endpoints is with "api" twice; allowed: each name once. Fix: rename or remove one
- endpoints[2].name is "An API"; allowed: lower-case letters, digits and dashes. Fix: give it a plain name`,
    );
  });

  it("is refused for an endpoint's name that begins or ends with a dash, and may be of one letter", () => {
    const named = (name: string) =>
      healthFaults({ ...mplp, endpoints: [api(["https://api.example.com/"], name)] }, prod).map(({ got }) => got);
    for (const name of ["a", "7", "a-b"]) assert.deepEqual(named(name), []);
    for (const name of ["-a", "a-", "a.b", ""]) assert.deepEqual(named(name), [`"${name}"`]);
  });

  it("is refused for an endpoint that says where it is by no address at all", () => {
    assert.deepEqual(
      healthFaults({ ...mplp, endpoints: [api([])] }, prod).map(({ code, path }) => ({ code, path })),
      [{ code: "endpoint-without-address", path: "endpoints[0].urls" }],
    );
  });

  it("is refused for an endpoint without an address, one that is there twice, and a time without a unit", () => {
    const twice = ["https://api.example.com/", "https://api.example.com/"];
    const odd = { ...api(["https://api.example.com/"], "odd"), for: assumed("2" as "2m") };
    const lines = message({ ...mplp, endpoints: [api([], "none"), api(twice, "twice"), odd] }).split("\n");
    assert.deepEqual(
      lines.map((line) => line.split(";")[0]),
      [
        "- endpoints[0].urls is empty",
        '- endpoints[1].urls is with "https://api.example.com/" twice',
        '- endpoints[2].for is "2"',
      ],
    );
  });

  it("is refused where the monitor's times do not work together", () => {
    const paths = (changes: Partial<Monitor>) =>
      healthFaults({ ...mplp, monitor: { ...monitor, ...changes } }, prod).map(({ path }) => path);
    assert.deepEqual(paths({}), []);
    assert.deepEqual(paths({ deadline: "5m" }), ["monitor.deadline"]);
    assert.deepEqual(paths({ startingDeadline: "5m" }), ["monitor.startingDeadline"]);
    assert.deepEqual(paths({ job: "a".repeat(53) }), ["monitor.job"]);
    assert.deepEqual(paths({ deadline: "4" as "4m" }), ["monitor.deadline"]);
    assert.deepEqual(
      healthFaults({ ...mplp, monitor: { ...monitor, deadline: "59s" } }, prod).map(({ code, path }) => ({
        code,
        path,
      })),
      [{ code: "monitor-deadline-too-short", path: "monitor.deadline" }],
    );
    assert.deepEqual(paths({ deadline: "60s" }), []);
  });

  it("is refused where the monitor's job is a backup's", () => {
    assert.equal(
      message({ ...mplp, monitor: { ...monitor, job: "mplp-backup" } }),
      `- monitor.job is "mplp-backup"; allowed: a name that no backup has. Fix: rename the monitor's job`,
    );
  });

  it("watches a database whose Secret lies elsewhere without it: no check carries credentials", () => {
    const database = postgres("main", {
      host: "postgresql",
      version: 17,
      database: "orders",
      size: assumed("1Gi"),
      credentials: secret("orders-credentials"),
    });
    assert.deepEqual(checksOf({ ...mplp, datastores: [database], backups: [] }, prod), [
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
