import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AlertRoutes } from "../../components/alerting/alertRoutes.ts";
import { MaintenanceWindow } from "../../components/alerting/maintenanceWindow.ts";
import { ServiceAlerts } from "../../components/alerting/serviceAlerts.ts";
import { ServiceObjectives } from "../../components/alerting/serviceObjectives.ts";
import { RestoreDrill } from "../../components/backup/restoreDrill.ts";
import { ConfigBackup } from "../../components/datastores/configuration.ts";
import { GrafanaBackup } from "../../components/datastores/grafana.ts";
import { PostgresBackup } from "../../components/datastores/postgres.ts";
import { VolumeBackup } from "../../components/datastores/volume.ts";
import { HealthMonitor } from "../../components/health/healthMonitor.ts";
import { MaintenanceJob } from "../../components/jobs/maintenanceJob.ts";
import { AutoscaledWorkload } from "../../components/scaling/autoscaledWorkload.ts";
import { postgres, secret } from "../../domain/declaration/datastore.ts";
import type { Drill } from "../../domain/declaration/drill.ts";
import { endpoint } from "../../domain/declaration/endpoint.ts";
import { backup, type Service } from "../../domain/declaration/service.ts";
import { deployment, type Workload } from "../../domain/declaration/workload.ts";
import type { Percent } from "../../domain/values/percent.ts";
import { assumed, guide } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { own } from "../support/ownAlert.ts";
import { refusal, refused } from "../support/refused.ts";
import { keeping, shop } from "../support/shop.ts";
import { refusal as refusalOf } from "./refusal.ts";
import { registered } from "./resources.ts";

/** All that these components read of an environment. */
const environment = {
  name: "prod",
  dns: { namespace: "kube-system", port: 53 },
  features: { prometheusOperator: true },
  monitoring: { ruleLabels: { release: "prometheus" }, runbooks: "https://runbooks.example.com", retention: "31d" },
};

describe("a component without a whole service", () => {
  it("makes the rules of an objective alone", async () => {
    let objectives: ServiceObjectives | undefined;
    const found = await registered(() => {
      objectives = new ServiceObjectives("shop", {
        environment,
        service: {
          name: "shop",
          namespace: "shop",
          indicators: { requests: { total: "http_requests_total", failed: 'code=~"5.."' } },
          endpoints: [],
          objectives: { availability: guide("99.9%") },
        },
      });
    });
    const kinds = found.map(({ type, inputs }) => [type, inputs.kind]);
    assert.deepEqual(kinds, [
      ["upkeep:alerting:ServiceObjectives", undefined],
      ["kubernetes:monitoring.coreos.com/v1:PrometheusRule", "PrometheusRule"],
    ]);
    assert.ok(objectives?.rules);
  });

  it("makes a maintenance job alone", async () => {
    let job: MaintenanceJob | undefined;
    const found = await registered(() => {
      job = new MaintenanceJob("tidy", {
        environment,
        service: "shop",
        namespace: "shop",
        job: "tidy",
        schedule: "0 2 * * *",
        startingDeadline: "10m",
        deadline: "30m",
        steps: [
          {
            name: "tidy",
            image: "docker.io/library/debian:13.1",
            program: "true",
            user: 1000,
            memory: "64Mi",
            environment: [],
          },
        ],
        scratch: "1Mi",
        egress: [],
        staleSeverity: "warning",
      });
    });
    assert.ok(found.some(({ type }) => type === "kubernetes:batch/v1:CronJob"));
    assert.ok(job?.cronJob);
  });

  /** All that a backup reads of an environment. */
  const backedUp = {
    ...environment,
    kubernetes: { apiEgress: [] },
    features: { ...environment.features, csiClones: false },
    images: {},
    aws: { account: "111111111111", region: "eu-central-1" },
    backups: { identity: { oidcProvider: "oidc.example.com/id/ONE" }, egress: [{ cidr: "0.0.0.0/0", port: 443 }] },
  };
  const orders = (schedule: string, bucketName: pulumi.Input<string>) =>
    new PostgresBackup("orders", {
      environment: backedUp,
      service: {
        name: "shop",
        namespace: "shop",
        objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
      },
      datastore: postgres("orders", {
        host: pulumi.output("orders.example.com"),
        version: 17,
        database: "orders",
        size: assumed("20Gi"),
        credentials: secret(pulumi.output("orders-credentials")),
      }),
      backup: backup("orders", {
        job: "orders-backup",
        schedule: assumed(schedule),
        keep: { daily: assumed("30d") },
        prefix: "orders/",
        startingDeadline: "30m",
        deadline: "45m",
        undrilled: "it is drilled elsewhere",
      }),
      bucket: { bucketName },
    });

  it("backs a database up into a bucket of one's own", async () => {
    let alone: PostgresBackup | undefined;
    const found = await registered(() => {
      alone = orders("0 2 * * *", pulumi.output("acme-backups"));
    });
    assert.ok(alone?.cronJob);
    const [job] = found.filter(({ type }) => type === "kubernetes:batch/v1:CronJob");
    const pod = JSON.stringify(job?.inputs);
    for (const value of ["acme-backups", "orders.example.com", "orders-credentials"])
      assert.ok(pod.includes(value), value);
    const [policy] = found.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    assert.match(String(policy?.inputs.policy), /arn:aws:s3:::acme-backups\/orders\//);
    assert.ok(!JSON.stringify(found).includes("upkeep-output-"), "a placeholder was left");
  });

  it("refuses a backup that cannot keep the recovery point", () => {
    assert.deepEqual(refused(refusal(() => orders("0 2 * * 0", "acme-backups"))), [
      ["recovery-point-missed", "backups[0].schedule"],
    ]);
  });
});

describe("a component alone refuses what its schema does not allow, before anything is created", () => {
  const prod = environmentOf("prod");
  const backedUp = (name: string, datastore: object, changes: object = {}) => {
    const only = keeping(shop, name);
    const [declared] = only.datastores;
    const [itsBackup] = only.backups;
    return {
      environment: prod,
      service: shop,
      datastore: { ...declared, ...datastore },
      backup: { ...itsBackup, ...changes },
      bucket: { bucketName: "acme-backups" },
    } as never;
  };
  const [window] = shop.windows;
  const changed = (service: Partial<Service>) => ({ environment: prod, service: { ...shop, ...service } });
  const workload = (changes: object) => ({
    environment: prod,
    service: shop,
    workload: { ...deployment("web"), ...changes } as Workload,
  });
  const [first] = keeping(shop, "orders").backups;
  const job = {
    ...{ environment: prod, service: "shop", namespace: "shop", schedule: "0 2 * * *", startingDeadline: "10m" },
    ...{ steps: [], scratch: "1Mi" as const, egress: [] },
  };
  const percent = "70" as Percent;
  const cases: [component: string, path: string, make: () => unknown][] = [
    [
      "ServiceAlerts",
      "alerts[0].expr",
      () => new ServiceAlerts("a", changed({ alerts: [{ ...own, expr: "disk > 1" }] })),
    ],
    [
      "ServiceAlerts",
      "workloads[0].cpuBelow[0].value",
      () =>
        new ServiceAlerts("a", {
          ...changed({
            workloads: [
              deployment("web", { cpuBelow: [{ value: guide(percent), for: guide("5m"), severity: "info" }] }),
            ],
          }),
        }),
    ],
    [
      "ServiceObjectives",
      "objectives.availability",
      () => new ServiceObjectives("a", changed({ objectives: { ...shop.objectives, availability: guide(percent) } })),
    ],
    [
      "ServiceObjectives",
      "indicators.duration",
      () => new ServiceObjectives("a", changed({ indicators: { duration: "sum(seconds)" } })),
    ],
    [
      "MaintenanceWindow",
      "window.at",
      () =>
        new MaintenanceWindow("a", {
          ...{ environment: prod, service: shop },
          window: { ...(window as Service["windows"][0]), at: guide("24:00") },
        }),
    ],
    [
      "MaintenanceWindow",
      "window.timeZone",
      () =>
        new MaintenanceWindow("a", {
          ...{ environment: prod, service: shop },
          window: { ...(window as Service["windows"][0]), timeZone: "Mars/Base" },
        }),
    ],
    [
      "AlertRoutes",
      "shop.windows[0].name",
      () =>
        new AlertRoutes("a", {
          environment: prod,
          services: [{ ...shop, windows: [{ ...(window as Service["windows"][0]), name: "W" }] }],
        }),
    ],
    [
      "HealthMonitor",
      "endpoints[0].urls[0]",
      () =>
        new HealthMonitor(
          "a",
          changed({ endpoints: [endpoint("a", ["nowhere"], { severity: "info" as "warning", for: guide("5m") })] }),
        ),
    ],
    [
      "AutoscaledWorkload",
      "workload.autoscale.cpu",
      () => new AutoscaledWorkload("a", workload({ autoscale: { min: guide(1), max: guide(2), cpu: guide("70.5%") } })),
    ],
    [
      "AutoscaledWorkload",
      "workload.maxUnavailable",
      () => new AutoscaledWorkload("a", workload({ pods: { app: "web" }, maxUnavailable: guide(0) })),
    ],
    ["PostgresBackup", "backup.prefix", () => new PostgresBackup("a", backedUp("orders", {}, { prefix: "database" }))],
    ["PostgresBackup", "backup.keep", () => new PostgresBackup("a", backedUp("orders", {}, { keep: {} }))],
    ["PostgresBackup", "backup.shrink", () => new PostgresBackup("a", backedUp("orders", {}, { shrink: "50" }))],
    [
      "PostgresBackup",
      "backup.schedule",
      () => new PostgresBackup("a", backedUp("orders", {}, { schedule: guide("every day") })),
    ],
    ["PostgresBackup", "datastore.size", () => new PostgresBackup("a", backedUp("orders", { size: guide("20GB") }))],
    ["ConfigBackup", "datastore.objects", () => new ConfigBackup("a", backedUp("configuration", { objects: [] }))],
    [
      "ConfigBackup",
      "datastore.secrets.recipient",
      () => new ConfigBackup("a", backedUp("configuration", { secrets: { recipient: "age1" } })),
    ],
    ["GrafanaBackup", "datastore.url", () => new GrafanaBackup("a", backedUp("dashboards", { url: "grafana" }))],
    ["VolumeBackup", "datastore.uid", () => new VolumeBackup("a", backedUp("uploads", { uid: 0 }))],
    [
      "RestoreDrill",
      "drill.assertions[0]",
      () =>
        new RestoreDrill("a", {
          ...(backedUp("orders", {}) as ConstructorParameters<typeof RestoreDrill>[1]),
          drill: { ...(first?.drill as Drill), assertions: ["DELETE FROM plans"] },
        }),
    ],
    ["MaintenanceJob", "deadline", () => new MaintenanceJob("a", { ...job, job: "tidy", deadline: "30" })],
    ["MaintenanceJob", "name", () => new MaintenanceJob("a", { ...job, job: "Tidy", deadline: "30m" })],
  ];
  for (const [component, path, make] of cases) {
    it(`${component}: ${path}`, async () => {
      const { faults, made } = await refusalOf(make);
      const fault = faults.find((one) => one.path === path);
      assert.ok(fault, JSON.stringify(faults));
      assert.ok(fault.got && fault.allowed && fault.fix);
      assert.deepEqual(made, []);
    });
  }
});
