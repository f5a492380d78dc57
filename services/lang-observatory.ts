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
  logAlert,
  postgres,
  secret,
  statefulSet,
  unserved,
} from "../domain/declaration/declaration.ts";

const probe = '{$scope,job="upkeep/lang-observatory/langfuse"}';
/** A day's average of what each claim holds. Without the labels of node and instance, which change with the pod. */
const stored = "max by (persistentvolumeclaim) (avg_over_time(kubelet_volume_stats_used_bytes{$scope}[1d]";

/** Lang Observatory (guides: Lang Observatory Maintenance Guide). */
export const langObservatory = defineService({
  name: "lang-observatory",
  namespace: "lang-observatory",
  owner: { team: "lang-observatory-operations" },
  indicators: {}, // the guide names no series of requests: its probes count them
  objectives: {
    availability: guide("99.9%"),
    recoveryPoint: assumed("26h"), // D-LO-34
    recoveryTime: assumed("4h"),
  },
  workloads: [
    deployment("lang-observatory-langfuse", {
      container: "langfuse",
      pods: { "app.kubernetes.io/name": "langfuse" },
      autoscale: { min: guide(3), max: assumed(6), cpu: guide("80%") }, // D-LO-18: scaled by hand in the guide
      maxUnavailable: assumed(1),
      cpuBelow: [{ value: guide("80%"), for: assumed("15m"), severity: "warning" }],
      memoryBelow: [
        { value: guide("80%"), for: assumed("15m"), severity: "info" }, // D-LO-28: a target of the guide that no alert of it watches
        { value: guide("90%"), for: guide("10m"), severity: "warning" }, // D-LO-29: of this container, without the page cache
      ],
    }),
    deployment("lang-observatory-openlit", { container: "openlit" }),
    statefulSet("lang-observatory-postgresql"),
    statefulSet("prometheus-server"),
    statefulSet("grafana"),
  ],
  datastores: [
    postgres("main", {
      host: "lang-observatory-postgresql",
      version: 15,
      database: "langfuse",
      size: assumed("20Gi"),
      credentials: secret("langfuse-postgresql", { username: "langfuse", passwordKey: "postgres-password" }),
      administrator: secret("lang-observatory-postgresql-superuser", { username: "postgres" }),
    }),
    configuration("configuration", { objects: ["ConfigMap"] }), // D-LO-24
    grafana("dashboards", {
      url: "http://grafana:3000", // D-LO-13: from the cluster, and every dashboard
      token: { secret: "grafana-token", key: "token" },
    }),
  ],
  secrets: [{ name: "langfuse-postgresql", maxAge: assumed("90d") }],
  endpoints: [
    endpoint("langfuse", ["http://lang-observatory-langfuse.lang-observatory.svc:3000/health"], {
      severity: "critical",
      for: guide("5m"),
    }),
  ],
  backups: [
    backup("main", {
      job: "postgres-backup",
      schedule: guide(daily("02:00")), // D-LO-20: in UTC, with deadlines
      keep: { daily: assumed("30d") }, // D-LO-23: on a volume without end in the guide
      prefix: "database/",
      startingDeadline: "30m",
      deadline: "45m",
      drill: {
        job: "postgres-drill",
        schedule: assumed("0 4 * * 1"),
        startingDeadline: "1h",
      },
    }),
    backup("configuration", {
      job: "lang-observatory-config-backup",
      schedule: assumed(daily("01:45")),
      keep: { daily: assumed("30d") },
      prefix: "config/",
      startingDeadline: "30m",
      deadline: "10m",
      undrilled: "a restore of configuration shows first what it would change: its dry run is its drill",
    }),
    backup("dashboards", {
      job: "lang-observatory-grafana-backup",
      schedule: assumed("25 1 * * *"),
      keep: { daily: assumed("30d") },
      prefix: "grafana/",
      startingDeadline: "30m",
      deadline: "10m",
      undrilled: "no Grafana of a drill's own: a dashboard is restored by importing its line",
    }),
  ],
  monitor: {
    job: "lang-observatory-health-check",
    schedule: assumed("*/5 * * * *"),
    startingDeadline: "2m",
    deadline: "4m",
  },
  alerts: [
    alert("ServiceDown", {
      expr: 'up{$scope,job="lang-observatory"} == 0 or absent(up{$scope,job="lang-observatory"})', // D-LO-29: a target that vanished
      for: guide("5m"),
      severity: "critical",
      threshold: guide("not up"),
      summary: "Lang Observatory is down",
      description:
        "Prometheus cannot scrape {{ with $labels.instance }}{{ . }}{{ else }}any target of job lang-observatory: it knows none{{ end }}.",
    }),
    alert("ServiceWithoutEndpoints", {
      expr: unserved("lang-observatory-langfuse"),
      for: assumed("2m"),
      severity: "critical",
      threshold: guide("no ready endpoint"),
      summary: "No pod serves lang-observatory-langfuse",
      description: "The Service lang-observatory-langfuse exists, and no ready pod is behind it.",
    }),
    alert("LatencyHigh", {
      expr: `quantile_over_time(0.95, probe_duration_seconds${probe}[10m]) > 0.5`,
      for: assumed("10m"),
      severity: "warning",
      threshold: guide("above 500 ms"),
      summary: "Lang Observatory answers slowly",
      description:
        "The 95th percentile of {{ $labels.instance }}'s answers to probes is {{ $value | humanizeDuration }}.",
    }),
    alert("ErrorRateHigh", {
      expr: `1 - avg_over_time(probe_success${probe}[1h]) > 0.01`,
      for: assumed("10m"),
      severity: "warning",
      threshold: guide("above 1%"),
      summary: "Lang Observatory fails more than 1% of its probes",
      description: "{{ $value | humanizePercentage }} of the last hour's probes of {{ $labels.instance }} failed.",
    }),
    alert("StorageGrowthHigh", {
      expr: `(${stored})) - ${stored} offset 30d))) / (${stored} offset 30d)) > 0) > 0.1`,
      for: assumed("1h"),
      severity: "warning",
      threshold: guide("above 10% in 30 days"),
      summary: "Lang Observatory's storage grows fast",
      description: "{{ $labels.persistentvolumeclaim }} holds {{ $value | humanizePercentage }} more than 30 days ago.",
    }),
  ],
  logAlerts: [
    logAlert("LogErrorsHigh", {
      expr: "sum(count_over_time({$scope} |~ `(?i)\\b(error|fatal)\\b` [15m])) > 50",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("more than 50 lines in 15 minutes"), // the guide reads them and compares them with nothing
      summary: "Lang Observatory logs many errors",
      description: "{{ $value }} lines of the last 15 minutes are errors.",
    }),
  ],
  windows: [], // the guide has none
  notify: { critical: ["pagerduty", "slack", "email"], warning: ["slack"], info: [] }, // D-LO-35: its hotline is a placeholder
});
