import {
  alert,
  assumed,
  backup,
  configuration,
  daemonSet,
  daily,
  defineService,
  deployment,
  endpoint,
  guide,
  logAlert,
  postgres,
  redis,
  secret,
  statefulSet,
  unserved,
} from "../domain/declaration/declaration.ts";

const api = "https://api.mplp.example.com";

const modules = ["context", "plan", "role", "confirm", "trace", "extension", "dialog", "collab", "core", "network"];

/** MPLP v1.0.0-alpha (guides: MPLP Maintenance Guide). */
export const mplp = defineService({
  name: "mplp",
  namespace: "mplp-production",
  owner: { team: "mplp-operations" },
  indicators: {
    requests: { total: "mplp_http_requests_total", failed: 'status=~"5.."' },
    duration: "mplp_http_request_duration_seconds",
  },
  objectives: {
    availability: guide("99.9%"),
    errorRate: { below: guide("1%"), for: assumed("10m") }, // D-MP-39: the guide's query divides series that do not match
    latency: [{ percentile: 95, below: guide("1s"), for: assumed("10m"), severity: "warning" }], // D-MP-38: it has no `by (le)`
    recoveryPoint: assumed("26h"), // D-MP-36: the guide states none
    recoveryTime: assumed("4h"),
  },
  workloads: [
    deployment("mplp-core", {
      pods: { app: "mplp-core" },
      autoscale: { min: guide(3), max: assumed(10), cpu: assumed("70%") },
      maxUnavailable: assumed(1),
      // D-MP-41: the guide prints the use and compares it with nothing
      cpuBelow: [{ value: assumed("80%"), for: assumed("15m"), severity: "warning" }],
      memoryBelow: [{ value: assumed("80%"), for: assumed("15m"), severity: "warning" }],
    }),
    statefulSet("postgresql"),
    statefulSet("redis"),
    daemonSet("fluentd"),
  ],
  datastores: [
    postgres("main", {
      host: "postgresql",
      version: 17,
      database: "mplp_production",
      size: assumed("20Gi"),
      credentials: secret("postgresql-credentials"),
      administrator: secret("postgresql-superuser", { username: "postgres" }), // the guide restores as postgres (D-MP-32)
    }),
    redis("cache", { host: "redis", size: assumed("2Gi") }), // D-MP-26: the guide copies the server's file, which may be half written
    configuration("configuration", {
      objects: ["ConfigMap"], // D-MP-27: the guide writes Secrets in clear text beside them
      recoveryNamespace: "mplp-recovery", // D-MP-34: what it restores names its old namespace, and is refused
    }),
  ],
  endpoints: [
    endpoint("api", [`${api}/health`], { severity: "critical", for: assumed("2m") }),
    endpoint(
      "modules",
      modules.map((module) => `${api}/api/v1/${module}/health`),
      { severity: "warning", for: assumed("5m") },
    ),
  ],
  backups: [
    backup("main", {
      job: "mplp-backup",
      schedule: guide(daily("02:00")),
      keep: { daily: guide("30d") },
      prefix: "database/",
      startingDeadline: "30m", // D-MP-22: the guide's job may start or hang at any time
      deadline: "45m",
      drill: {
        job: "mplp-drill",
        schedule: assumed("0 4 * * 0"), // D-MP-15: monthly in the guide, where nothing is restored and a backup lives no longer
        startingDeadline: "1h",
      },
    }),
    backup("cache", {
      job: "mplp-redis-backup",
      schedule: guide(daily("02:00")),
      keep: { daily: guide("30d") },
      prefix: "redis/",
      startingDeadline: "30m",
      deadline: "30m",
      drill: {
        job: "mplp-redis-drill",
        schedule: assumed("0 5 * * 0"),
        startingDeadline: "1h",
      },
    }),
    backup("configuration", {
      job: "mplp-config-backup",
      schedule: guide(daily("02:00")),
      keep: { daily: guide("30d") },
      prefix: "configs/",
      startingDeadline: "30m",
      deadline: "15m",
      undrilled: "a restore of configuration shows first what it would change: its dry run is its drill",
    }),
  ],
  monitor: {
    job: "mplp-health-monitor",
    schedule: guide("*/5 * * * *"),
    startingDeadline: "2m",
    deadline: "4m",
  },
  alerts: [
    alert("ServiceDown", {
      expr: 'up{$scope,job="mplp-modules"} == 0 or absent(up{$scope,job="mplp-modules"})', // D-MP-06: nothing is not "acceptable"
      for: assumed("5m"),
      severity: "critical",
      threshold: guide("not up"),
      summary: "A module of MPLP is down",
      description:
        "Prometheus cannot scrape {{ with $labels.instance }}{{ . }}{{ else }}any target of job mplp-modules: it knows none{{ end }}.",
    }),
    alert("ServiceWithoutEndpoints", {
      expr: unserved("mplp-core-service"),
      for: assumed("2m"),
      severity: "critical",
      threshold: guide("no ready endpoint"),
      summary: "No pod serves mplp-core-service",
      description: "The Service mplp-core-service exists, and no ready pod is behind it.",
    }),
  ],
  logAlerts: [
    logAlert("LogErrorsHigh", {
      expr: "sum(count_over_time({$scope} |~ `(?i)\\b(error|fatal)\\b` [15m])) > 50",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("more than 50 lines in 15 minutes"), // the guide counts the lines of a day and compares them with nothing
      summary: "MPLP logs many errors",
      description: "{{ $value }} lines of the last 15 minutes are errors.",
    }),
  ],
  windows: [], // the guide has none
  notify: { critical: ["pagerduty", "slack"], warning: ["slack"], info: [] },
});
