import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endpointAlertGroups } from "../../domain/alerting/endpointAlerts.ts";
import { PROBE_INTERVAL, probesOf } from "../../domain/alerting/probes.ts";
import { type WatchingAlert, watchingAlerts } from "../../domain/alerting/watching.ts";
import { endpoint } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { timeToPage } from "../../domain/routing/timeToPage.ts";
import { startExporter } from "../support/servers/exporter.ts";
import { startPrometheus } from "../support/servers/prometheus.ts";
import { shop } from "../support/shop.ts";
import { notified } from "./notified.ts";

/** A service with one critical endpoint as `endpoint()` makes it. */
const service: Service = {
  ...shop,
  name: "outage",
  namespace: "outage",
  endpoints: [endpoint("api", ["https://outage.example.com/health"], { severity: "critical" })],
};

/** How long an outage of a critical endpoint took to page, and the longest that it may take, in seconds. */
export interface Paged {
  after: number;
  bound: number;
}

/** By the wall clock: nothing is faster here than in production. The exporter takes the place of blackbox exporter. */
export async function pagedOutage(): Promise<Paged> {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-outage-"));
  mkdirSync(join(folder, "prometheus"));
  const to = await notified("prod", 1, 1, [service]);
  const [first] = to.environment.monitoring.alertmanagers;
  const environment = {
    ...to.environment,
    monitoring: { ...to.environment.monitoring, alertmanagers: [first as string] },
  };
  const outage = watchingAlerts(service, environment).find(
    ({ rule }) => rule.alert === "EndpointDown",
  ) as WatchingAlert;
  const [probe] = probesOf(service, environment);
  const exporter = await startExporter();
  const answering = (value: 0 | 1) => {
    exporter.page = `probe_success{job="${probe?.jobName}",instance="${probe?.endpoint.urls[0]}"} ${value}`;
  };
  answering(1);
  const prometheus = await startPrometheus({
    folder: join(folder, "prometheus"),
    groups: endpointAlertGroups(service, environment),
    scrapes: [{ job_name: "blackbox", honor_labels: true, static_configs: [{ targets: [exporter.host] }] }],
    alertmanagers: to.replicas,
    interval: PROBE_INTERVAL,
  });
  try {
    await sleep(20_000);
    const start = Date.now();
    answering(0);
    const paged = () => to.got("api of outage does not answer").find(({ channel }) => channel === "pagerduty");
    for (let tries = 0; !paged(); tries++) {
      if (tries > 300) throw new Error("the outage did not page");
      await sleep(500);
    }
    const { total: bound } = timeToPage(environment, outage.rule, outage.intervals);
    return { after: ((paged()?.at ?? 0) - start) / 1000, bound };
  } finally {
    await Promise.all([prometheus.kill(), to.stop()]);
    exporter.close();
    rmSync(folder, { recursive: true });
  }
}
