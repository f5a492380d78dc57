import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PlatformAlerts } from "../../components/alerting/platformAlerts.ts";
import { MaintainedService } from "../../components/service.ts";
import { PROBE_INTERVAL, probeJob } from "../../domain/alerting/probes.ts";
import { endpoint } from "../../domain/declaration/declaration.ts";
import type { AlertRule } from "../../domain/prometheus/rules.ts";
import { timeToPage } from "../../domain/routing/timeToPage.ts";
import { registered } from "../components/resources.ts";
import { ruleFiles } from "../rules/rendered.ts";
import { startExporter } from "../support/servers/exporter.ts";
import { startPrometheus } from "../support/servers/prometheus.ts";
import { keeping, shop } from "../support/shop.ts";
import { notified } from "./notified.ts";

const address = "https://shop.example.com/health";

/** One datastore, and one critical endpoint as `endpoint()` makes it. */
const service = {
  ...keeping(shop, "orders"),
  workloads: shop.workloads.filter(({ name }) => name === "shop-web"),
  endpoints: [endpoint("api", [address], { severity: "critical" })],
};

const shown = (name: string, labels: Record<string, string>, value: number) =>
  `${name}{${Object.entries({ namespace: "shop", ...labels }).map(([label, text]) => `${label}="${text}"`)}} ${value}`;

/** What an exporter shows, before a fault and since. @param now seconds since 1970 @param since seconds since the fault, 0 before */
type Shown = (now: number, since: number) => string[];

/** A fault of a class of its own, and the labels of the alert that notifies about it. */
export interface Fault {
  alert: string;
  labels?: Record<string, string>;
  shown: Shown;
}

/** A run, ended or failed; the controller numbers them. */
const run = (number: number, started: number, ended: Record<string, number>) => {
  const job_name = `shop-orders-backup-${number}`;
  return [
    shown("kube_job_status_start_time", { job_name }, started),
    ...Object.entries(ended).map(([name, value]) =>
      shown(name, { job_name, ...(name === "kube_job_failed" && { condition: "true" }) }, value),
    ),
  ];
};

const web = { deployment: "shop-web" };

/** Those that notify within ten minutes. */
export const faults: Fault[] = [
  {
    alert: "EndpointDown",
    shown: (_, since) => [shown("probe_success", { job: probeJob("shop", "api"), instance: address }, since ? 0 : 1)],
  },
  {
    alert: "ErrorBudgetBurn",
    labels: { severity: "critical" },
    shown: (now, since) => [
      shown("shop_http_requests_total", { status: "200" }, 20 * (now - since)),
      shown("shop_http_requests_total", { status: "500" }, 20 * since),
    ],
  },
  {
    alert: "MaintenanceJobFailed",
    labels: { cronjob: "shop-orders-backup" },
    shown: (now, since) => [
      shown("kube_cronjob_created", { cronjob: "shop-orders-backup" }, now - 86_400),
      ...run(1, now - 7200, { kube_job_status_completion_time: now - 7000 }),
      ...(since ? run(2, now - since - 60, { kube_job_failed: 1 }) : []),
    ],
  },
  { alert: "ServiceDown", shown: (_, since) => [shown("up", { job: "shop", instance: "10.0.0.1:80" }, since ? 0 : 1)] },
];

/** A job that a fault deletes. */
const DELETED = "shop-orders-drill";

/** Those that wait longer, for what ends by itself. */
export const slowFaults: Fault[] = [
  {
    alert: "WorkloadNotReady",
    labels: { workload: "shop-web" },
    shown: (_, since) => [
      shown("kube_deployment_spec_replicas", web, 3),
      shown("kube_deployment_status_replicas_ready", web, since ? 2 : 3),
    ],
  },
  {
    alert: "MaintenanceJobMissing",
    labels: { cronjob: DELETED },
    shown: (_, since) => (since ? [] : [shown("kube_cronjob_info", { cronjob: DELETED }, 1)]),
  },
  {
    alert: "MaintenanceJobSuspended",
    labels: { cronjob: "shop-health-monitor" },
    shown: (_, since) => [shown("kube_cronjob_spec_suspend", { cronjob: "shop-health-monitor" }, since ? 1 : 0)],
  },
];

/** An exporter that is gone: no other fault can be seen with it. The others are there, for an alert on one of them would be of its group. */
export const exporterGone: Fault = {
  alert: "ExporterMissing",
  labels: { exporter: "kube-state-metrics" },
  shown: () => [
    shown("probe_success", { job: probeJob("shop", "api"), instance: address }, 1),
    ...["prometheus", "alertmanager"].map((name) => `${name}_config_last_reload_successful 1`),
  ],
};

/** What kube-state-metrics shows of a cluster that is well: an alert on anything else would be of the same group, and notify first. */
const cluster = (now: number, jobs: string[]) => [
  `kube_deployment_created{namespace="kube-system",deployment="coredns"} ${now - 86_400}`,
  ...jobs.filter((cronjob) => cronjob !== DELETED).map((cronjob) => shown("kube_cronjob_info", { cronjob }, 1)),
];

/** How long a fault took to notify, and the longest that it may take, in seconds. */
export interface Paged {
  alert: string;
  after: number;
  bound: number;
}

/**
 * All faults happen at one moment, by the wall clock: nothing is faster here than in production. The rules are rendered for prod, and the
 * page that Prometheus scrapes stands for the exporters.
 */
export async function paged(broken: Fault[]): Promise<Paged[]> {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-faults-"));
  mkdirSync(join(folder, "prometheus"));
  const to = await notified("prod", 1, 1, [service]);
  const [first] = to.environment.monitoring.alertmanagers;
  const environment = {
    ...to.environment,
    monitoring: { ...to.environment.monitoring, alertmanagers: [first as string] },
  };
  const resources = await registered(() => {
    new MaintainedService("shop", { environment, service });
    new PlatformAlerts("platform-alerts", { environment, services: [service] });
  });
  const jobs = resources
    .filter(({ type }) => type.endsWith(":CronJob"))
    .map(({ inputs }) => (inputs.metadata as { name: string }).name);
  const groups = Object.values(ruleFiles(resources)).flatMap((file) => file.groups);
  const exporter = await startExporter();
  let start: number | undefined;
  exporter.page = () => {
    const now = Date.now() / 1000;
    const since = start === undefined ? 0 : now - start;
    const isGone = since > 0 && broken.includes(exporterGone);
    return [...broken.flatMap((fault) => fault.shown(now, since)), ...(isGone ? [] : cluster(now, jobs))].join("\n");
  };
  const scrape = { honor_labels: true, static_configs: [{ targets: [exporter.host] }] };
  const prometheus = await startPrometheus({
    folder: join(folder, "prometheus"),
    groups,
    scrapes: [
      {
        ...scrape,
        job_name: "probes",
        scrape_interval: PROBE_INTERVAL,
        scrape_timeout: PROBE_INTERVAL,
        metric_relabel_configs: [{ source_labels: ["__name__"], regex: "probe_.+", action: "keep" }],
      },
      {
        ...scrape,
        job_name: "others",
        metric_relabel_configs: [{ source_labels: ["__name__"], regex: "probe_.+", action: "drop" }],
      },
    ],
    alertmanagers: to.replicas,
    interval: environment.monitoring.scrapeInterval,
  });
  try {
    // Two scrapes and evaluations of what is well.
    await sleep(70_000);
    start = Date.now() / 1000;
    return await Promise.all(
      broken.map(async ({ alert, labels = {} }) => {
        const { rule, interval } = ruleOf(alert, labels);
        const bound = timeToPage(environment, rule, {
          ...(interval && { evaluation: interval }),
          ...(alert === "EndpointDown" && { scrape: PROBE_INTERVAL }),
        }).total;
        const channel = rule.labels.severity === "critical" ? "pagerduty" : "slack";
        const [said = ""] = rule.annotations.summary.split("{{");
        for (;;) {
          const found = to.got(said).find((one) => one.channel === channel);
          const since = Date.now() / 1000 - (start as number);
          if (found) return { alert, after: found.at / 1000 - (start as number), bound };
          if (since > 2 * bound) throw new Error(`${alert} did not notify by ${channel} within ${since.toFixed(0)} s`);
          await sleep(500);
        }
      }),
    );
  } finally {
    await Promise.all([prometheus.kill(), to.stop()]);
    exporter.close();
    rmSync(folder, { recursive: true });
  }

  function ruleOf(alert: string, labels: Record<string, string>) {
    for (const { rules, interval } of groups) {
      const rule = rules.find(
        (one): one is AlertRule =>
          "alert" in one &&
          one.alert === alert &&
          Object.entries(labels).every(([label, value]) => one.labels[label] === value),
      );
      if (rule) return { rule, interval };
    }
    throw new Error(`no rule ${alert} is rendered with ${JSON.stringify(labels)}`);
  }
}
