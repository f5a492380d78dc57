import {
  assumed,
  backup,
  daily,
  defineService,
  deployment,
  endpoint,
  guide,
  maintenanceWindow,
  postgres,
  secret,
} from "upkeep/declaration";

export const shop = defineService({
  name: "shop",
  namespace: "shop",
  owner: { team: "shop" },
  indicators: {
    requests: { total: "http_requests_total", failed: 'status=~"5.."' },
    duration: "http_request_duration_seconds",
  },
  objectives: {
    availability: guide("99.5%"),
    errorRate: { below: guide("1%"), for: assumed("10m") },
    latency: [{ percentile: 95, below: guide("300ms"), for: assumed("10m"), severity: "warning" }],
    recoveryPoint: guide("26h"),
    recoveryTime: guide("4h"),
  },
  workloads: [
    deployment("web", {
      pods: { app: "web" },
      autoscale: { min: assumed(2), max: assumed(6), cpu: assumed("70%") },
      maxUnavailable: assumed(1),
    }),
  ],
  datastores: [
    postgres("orders", {
      host: "postgresql",
      version: 17,
      database: "orders",
      size: assumed("20Gi"),
      credentials: secret("postgresql"),
    }),
  ],
  endpoints: [endpoint("web", ["https://shop.example.com/health"], { severity: "critical", for: assumed("2m") })],
  backups: [
    backup("orders", {
      job: "shop-backup",
      schedule: guide(daily("03:00")),
      keep: { daily: guide("30d") },
      prefix: "orders/",
      startingDeadline: "30m",
      deadline: "45m",
      drill: { job: "shop-drill", schedule: assumed("0 5 * * 0"), startingDeadline: "1h" },
    }),
  ],
  monitor: { job: "shop-monitor", schedule: assumed("*/5 * * * *"), startingDeadline: "2m", deadline: "4m" },
  alerts: [],
  windows: [maintenanceWindow("weekly", { on: { every: "sunday" }, at: guide("02:00"), lasts: guide("1h") })],
  notify: { critical: ["pagerduty", "slack"], warning: ["slack"], info: [] },
});
