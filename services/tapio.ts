import {
  assumed,
  backup,
  configuration,
  daemonSet,
  defineService,
  deployment,
  endpoint,
  guide,
  logAlert,
  maintenanceWindow,
  postgres,
  secret,
  volume,
} from "../domain/declaration/declaration.ts";

/** The guide names the tiers (TA-055 to TA-057) and gives no retention (D-TA-25). */
const keep = {
  hourly: assumed("2d"),
  daily: assumed("30d"),
  weekly: assumed("13w"),
  monthly: assumed("365d"),
} as const;

/** Tapio (guides: Tapio Maintenance Guide). It names no metric and no threshold: what is watched are its pods and its door. */
export const tapio = defineService({
  name: "tapio",
  namespace: "tapio-system",
  owner: { team: "tapio-operations" },
  indicators: {},
  objectives: {
    recoveryPoint: guide("1h"), // D-TA-24: the guide's own daily backups break it
    recoveryTime: guide("4h"),
  },
  workloads: [
    deployment("tapio-server", {
      container: "server",
      pods: { app: "tapio-server" },
      autoscale: { min: guide(3), max: guide(10), cpu: assumed("70%") }, // D-TA-22
      maxUnavailable: assumed(1),
      cpuBelow: [{ value: assumed("80%"), for: assumed("15m"), severity: "warning" }],
      memoryBelow: [{ value: assumed("80%"), for: assumed("15m"), severity: "warning" }],
    }),
    daemonSet("tapio-agent", { container: "agent" }), // D-TA-01: the guide scales it to 20, which a DaemonSet cannot be
    deployment("tapio-dashboard", { container: "dashboard" }),
  ],
  datastores: [
    postgres("main", {
      host: "tapio-postgresql", // D-TA-02: the guide names no connection
      version: 17,
      database: "tapio",
      size: assumed("20Gi"),
      credentials: secret("tapio-postgresql"),
      administrator: secret("tapio-postgresql-superuser", { username: "postgres" }),
    }),
    configuration("configuration", {
      objects: ["ConfigMap", "Deployment", "DaemonSet", "Service"], // D-TA-26
      // The guide names the kinds, not their group.
      customResources: [
        { apiVersion: "tapio.io/v1", kind: "TapioConfig", resource: "tapioconfigs" },
        { apiVersion: "tapio.io/v1", kind: "CorrelationRule", resource: "correlationrules" },
      ],
    }), // D-TA-27: Secrets where upkeep:differs.recipients says who may read them
    volume("data", {
      claim: "data-tapio-server-0",
      size: guide("200Gi"),
      uid: 1000,
      gid: 1000,
      throughput: assumed("150Mi"), // more than gp3's 125 MiB/s: less does not read 200Gi within the recovery point of an hour
      from: { cloneClass: "gp3", otherwise: { owner: { app: "tapio-server" } } }, // D-TA-29: a copy of files in use is not a consistent backup
    }),
  ],
  endpoints: [
    // The guide gives host and port, and no path.
    endpoint("server", ["https://tapio.example.com:8443/health"], { severity: "critical", for: assumed("5m") }),
  ],
  backups: [
    backup("main", {
      job: "tapio-data-backup",
      schedule: assumed("*/20 * * * *"),
      keep,
      prefix: "database/",
      startingDeadline: "2m",
      deadline: "15m",
      survives: 1,
      drill: {
        job: "tapio-drill",
        schedule: guide("0 6 1-7 * *"),
        only: { weekday: "saturday" }, // D-TA-12: the guide deletes the production namespace for it
        startingDeadline: "1h",
      },
    }),
    backup("configuration", {
      job: "tapio-config-backup",
      schedule: assumed("10,30,50 * * * *"), // "daily" in the guide, which its recovery point of an hour forbids
      keep,
      prefix: "config/",
      startingDeadline: "2m",
      deadline: "10m",
      survives: 1,
      undrilled: "a restore of configuration shows first what it would change: its dry run is its drill",
    }),
    backup("data", {
      job: "tapio-volume-backup",
      schedule: assumed("*/30 * * * *"), // the guide copies it daily; 200Gi take 23 minutes, and the hour leaves no failed run
      keep: { hourly: assumed("2d"), daily: assumed("30d") },
      prefix: "volume/",
      startingDeadline: "1m",
      deadline: "23m",
      drill: { job: "tapio-volume-drill", schedule: assumed("0 9 * * 6"), startingDeadline: "1h" },
    }),
  ],
  monitor: { job: "tapio-health-monitor", schedule: assumed("*/5 * * * *"), startingDeadline: "2m", deadline: "4m" },
  alerts: [],
  logAlerts: [
    logAlert("LogErrorsHigh", {
      expr: "sum(count_over_time({$scope} |~ `(?i)\\b(error|fatal)\\b` [15m])) > 50",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("more than 50 lines in 15 minutes"), // the guide counts the lines of a week and compares them with nothing
      summary: "Tapio logs many errors",
      description: "{{ $value }} lines of the last 15 minutes are errors.",
    }),
    logAlert("SlowQueriesHigh", {
      expr: "sum(count_over_time({$scope} |~ `(?i)slow.?query` [1h])) > 10",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("more than 10 lines in an hour"),
      summary: "Queries of Tapio are slow",
      description: "{{ $value }} slow queries are in the logs of the last hour.",
    }),
  ],
  windows: [
    maintenanceWindow("daily", { on: { every: "day" }, at: guide("00:00"), lasts: guide("15m") }),
    maintenanceWindow("weekly", { on: { every: "sunday" }, at: guide("02:00"), lasts: guide("2h") }),
    maintenanceWindow("monthly", { on: { first: "saturday" }, at: guide("06:00"), lasts: guide("4h") }),
  ],
  notify: { critical: ["pagerduty", "slack", "email", "statusPage"], warning: ["slack"], info: [] },
});
