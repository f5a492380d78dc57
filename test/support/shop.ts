import {
  alert,
  assumed,
  backup,
  configuration,
  daily,
  defineService,
  deployment,
  endpoint,
  grafana,
  guide,
  maintenanceWindow,
  postgres,
  redis,
  secret,
  volume,
} from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";

const address = "https://shop.example.com";
const undrilled = "a restore shows first what it would change: its dry run is its drill";

/**
 * The service that tests of the engine judge: one datastore of each kind, each backed up; a workload of each kind that is watched; each
 * objective. It can be deployed to every environment of `environmentOf`, and is in none: these tests do not depend on what services/ holds.
 */
export const shop: Service = defineService({
  name: "shop",
  namespace: "shop",
  owner: { team: "shop-team" },
  indicators: {
    requests: { total: "shop_http_requests_total", failed: 'status=~"5.."' },
    duration: "shop_http_request_duration_seconds",
  },
  objectives: {
    availability: guide("99.9%"),
    errorRate: { below: guide("1%"), for: assumed("10m") },
    latency: [{ percentile: 95, below: guide("1s"), for: assumed("10m"), severity: "warning" }],
    recoveryPoint: assumed("26h"),
    recoveryTime: assumed("4h"),
  },
  workloads: [
    deployment("shop-web", {
      container: "web",
      pods: { app: "shop-web" },
      autoscale: { min: guide(3), max: assumed(10), cpu: assumed("70%") },
      maxUnavailable: assumed(1),
      cpuBelow: [{ value: assumed("80%"), for: assumed("15m"), severity: "warning" }],
      memoryBelow: [{ value: assumed("80%"), for: assumed("15m"), severity: "warning" }],
    }),
    deployment("shop-worker"),
  ],
  datastores: [
    postgres("orders", {
      host: "postgresql",
      version: 17,
      database: "shop",
      size: assumed("20Gi"),
      credentials: secret("shop-postgresql"),
      administrator: secret("shop-postgresql-superuser", { username: "postgres" }),
    }),
    redis("cache", { host: "redis", size: assumed("2Gi") }),
    configuration("configuration", { objects: ["ConfigMap"], recoveryNamespace: "shop-recovery" }),
    volume("uploads", {
      claim: "shop-uploads",
      size: guide("20Gi"),
      uid: 1000,
      gid: 1000,
      throughput: assumed("64Mi"),
      from: { cloneClass: "gp3", otherwise: { owner: { app: "shop-web" } } },
    }),
    grafana("dashboards", { url: "http://grafana:3000", token: { secret: "grafana-token", key: "token" } }),
  ],
  endpoints: [
    endpoint("api", [`${address}/health`], { severity: "critical", for: assumed("2m") }),
    endpoint("pages", [`${address}/cart/health`, `${address}/search/health`], {
      severity: "warning",
      for: assumed("5m"),
    }),
  ],
  backups: [
    backup("orders", {
      job: "shop-orders-backup",
      schedule: guide(daily("02:00")),
      keep: { daily: guide("30d") },
      prefix: "database/",
      startingDeadline: "30m",
      deadline: "45m",
      drill: { job: "shop-orders-drill", schedule: assumed("0 4 * * 0"), startingDeadline: "1h" },
    }),
    backup("cache", {
      job: "shop-cache-backup",
      schedule: guide(daily("02:00")),
      keep: { daily: guide("30d") },
      prefix: "redis/",
      startingDeadline: "30m",
      deadline: "30m",
      drill: { job: "shop-cache-drill", schedule: assumed("0 5 * * 0"), startingDeadline: "1h" },
    }),
    backup("configuration", {
      job: "shop-config-backup",
      schedule: guide(daily("02:00")),
      keep: { daily: guide("30d") },
      prefix: "config/",
      startingDeadline: "30m",
      deadline: "15m",
      undrilled,
    }),
    backup("uploads", {
      job: "shop-uploads-backup",
      schedule: assumed("20 0 * * *"),
      keep: { daily: guide("30d") },
      prefix: "uploads/",
      startingDeadline: "30m",
      deadline: "15m",
      drill: { job: "shop-uploads-drill", schedule: assumed("0 3 * * 6"), startingDeadline: "1h" },
    }),
    backup("dashboards", {
      job: "shop-grafana-backup",
      schedule: assumed("25 1 * * *"),
      keep: { daily: assumed("30d") },
      prefix: "grafana/",
      startingDeadline: "30m",
      deadline: "10m",
      undrilled,
    }),
  ],
  monitor: {
    job: "shop-health-monitor",
    schedule: guide("*/5 * * * *"),
    startingDeadline: "2m",
    deadline: "4m",
  },
  alerts: [
    alert("ServiceDown", {
      expr: 'up{$scope,job="shop"} == 0 or absent(up{$scope,job="shop"})',
      for: assumed("5m"),
      severity: "critical",
      threshold: guide("not up"),
      summary: "The shop is down",
      description: "Prometheus cannot scrape {{ $labels.instance }}, or no longer knows it.",
    }),
  ],
  windows: [maintenanceWindow("weekly", { on: { every: "sunday" }, at: guide("02:00"), lasts: guide("2h") })],
  notify: { critical: ["pagerduty", "slack"], warning: ["slack"], info: [] },
});

/** A service that keeps nothing: one workload and one address, no window, no alert of its own. */
export const billing: Service = defineService({
  name: "billing",
  namespace: "billing",
  owner: { team: "billing-team" },
  indicators: {},
  objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
  workloads: [deployment("billing", { pods: { app: "billing" } })],
  datastores: [],
  endpoints: [endpoint("api", ["https://billing.example.com/health"], { severity: "critical", for: assumed("5m") })],
  backups: [],
  monitor: { job: "billing-health-monitor", schedule: assumed("*/5 * * * *"), startingDeadline: "2m", deadline: "4m" },
  alerts: [],
  windows: [],
  notify: { critical: ["pagerduty"], warning: ["slack"], info: ["slack"] },
});

/** The shop, but for what is named. */
export function shopWith(changes: Partial<Service>): Service {
  return { ...shop, ...changes };
}

/** A service that keeps only the named datastores, with their backups. @throws where it has none of a name */
export function keeping(service: Service, ...names: string[]): Service {
  const unknown = names.filter((name) => !service.datastores.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`${service.name} keeps no ${unknown.join(", ")}`);
  return {
    ...service,
    datastores: service.datastores.filter(({ name }) => names.includes(name)),
    backups: service.backups.filter(({ datastore }) => names.includes(datastore)),
  };
}
