import {
  alert,
  assumed,
  backup,
  defineService,
  deployment,
  endpoint,
  grafana,
  guide,
  logAlert,
  maintenanceWindow,
  postgres,
  secret,
} from "../domain/declaration/declaration.ts";

const site = "https://task-mcp.example.com";
const requests = "sum(rate(http_server_requests_total{$scope}[5m]))";

/** Task MCP HTTP Server (guides: Task MCP Maintenance Guide v1.0). */
export const taskMcp = defineService({
  name: "task-mcp",
  namespace: "task-mcp",
  owner: { team: "task-mcp-operations" },
  indicators: {
    requests: { total: "http_server_requests_total", failed: 'status=~"5.."' },
    duration: "http_server_request_duration", // as the guide names it; OpenTelemetry's has a unit at its end
  },
  objectives: {
    // D-TM-06: the guide asks for a budget that it never defines; its benchmark is "error rate < 1%". Of its two undefined series,
    // task_mcp:api_success_rate:30d is one minus service:request_errors:ratio30d{service="task-mcp"}, and
    // task_mcp:error_budget_remaining:30d is service:error_budget_remaining:ratio30d{service="task-mcp"}.
    availability: guide("99%"),
    errorRate: { below: guide("1%"), for: assumed("10m") }, // D-TM-04, D-TM-45: without traffic the guide's check passes
    latency: [
      { percentile: 95, below: guide("200ms"), for: assumed("10m"), severity: "warning" },
      { percentile: 99, below: guide("500ms"), for: assumed("10m"), severity: "warning" },
    ],
    recoveryPoint: assumed("26h"),
    recoveryTime: assumed("4h"),
  },
  workloads: [
    deployment("task-mcp-http", {
      pods: { app: "task-mcp-http" },
      // D-TM-34: the guide's patch does not parse. D-TM-35: its five replicas are undone at once: five is the most instead.
      autoscale: { min: assumed(2), max: assumed(5), cpu: guide("70%") },
      maxUnavailable: assumed(1),
      cpuBelow: [{ value: guide("70%"), for: assumed("15m"), severity: "warning" }],
      memoryBelow: [{ value: guide("80%"), for: assumed("10m"), severity: "warning" }],
    }),
  ],
  datastores: [
    postgres("main", {
      namespace: "database",
      host: "database",
      version: 17, // D-TM-24: the guide names neither version nor database nor user
      database: "task_mcp",
      size: assumed("20Gi"),
      credentials: secret("database-credentials"),
      administrator: secret("database-superuser", { username: "postgres" }),
    }),
    grafana("dashboards", {
      namespace: "task-mcp-monitoring",
      url: "http://grafana:3000",
      token: { secret: "grafana-token", key: "token" }, // D-TM-14: not admin:password
    }),
  ],
  secrets: [{ name: "auth-tokens", maxAge: assumed("90d") }], // D-TM-23: one stable name, not a new one each time
  endpoints: [
    endpoint("live", [`${site}/health/live`], { severity: "critical", for: assumed("2m") }),
    endpoint("ready", [`${site}/health/ready`], { severity: "warning", for: assumed("5m") }), // D-TM-03: never asked by the guide's job
  ],
  backups: [
    backup("main", {
      job: "task-mcp-db-backup",
      schedule: assumed("15 1 * * *"), // D-TM-26: by hand in the guide, onto a laptop
      keep: { daily: guide("30d") }, // D-TM-27: by S3's lifecycle, not by find in the wrong place
      prefix: "database/",
      startingDeadline: "30m",
      deadline: "45m",
      drill: {
        job: "task-mcp-db-drill",
        schedule: assumed("0 4 * * 3"), // a comment in the guide
        startingDeadline: "1h",
      },
    }),
    backup("dashboards", {
      job: "task-mcp-grafana-backup",
      schedule: assumed("35 1 * * *"), // D-TM-13: every dashboard, by an address that exists
      keep: { daily: assumed("30d") },
      prefix: "grafana/",
      startingDeadline: "30m",
      deadline: "10m",
      undrilled: "no Grafana of a drill's own: a dashboard is restored by importing its line",
    }),
  ],
  // D-TM-43, D-TM-44: the guide's job hides the failure that it finds; the Probes ask each minute, it asks the database too.
  monitor: {
    job: "task-mcp-daily-health-check",
    schedule: guide("0 8 * * *"),
    startingDeadline: "10m",
    deadline: "5m",
  },
  alerts: [
    alert("TrafficLow", {
      expr: `${requests} < 500`,
      for: assumed("30m"),
      severity: "info",
      threshold: guide("below 500 requests per second"),
      summary: "task-mcp serves fewer requests than it normally does",
      description: "{{ $value | humanize }} requests per second; 500 to 1000 are normal.",
    }),
    alert("TrafficHigh", {
      expr: `${requests} > 1000`,
      for: assumed("30m"),
      severity: "info",
      threshold: guide("above 1000 requests per second"),
      summary: "task-mcp serves more requests than it normally does",
      description: "{{ $value | humanize }} requests per second; 500 to 1000 are normal.",
    }),
    alert("AuthenticationFailuresHigh", {
      // D-TM-05: by the counter, not by lines of a log. D-TM-01: the guide looks at the rate of a week.
      expr: 'sum(rate(auth_attempts_total{$scope,status="failed"}[15m])) / sum(rate(auth_attempts_total{$scope}[15m])) > 0.2',
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("above 20% of attempts"),
      summary: "Many attempts to authenticate at task-mcp fail",
      description: "{{ $value | humanizePercentage }} of the attempts of the last 15 minutes failed.",
    }),
    alert("RateLimitHitsHigh", {
      expr: "sum(rate(rate_limit_hits_total{$scope}[15m])) / sum(rate(http_server_requests_total{$scope}[15m])) > 0.05",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("above 5% of requests"),
      summary: "task-mcp refuses many requests because of its rate limit",
      description: "{{ $value | humanizePercentage }} of the requests of the last 15 minutes hit the rate limit.",
    }),
    alert("CacheHitRatioLow", {
      expr: "min(cache_hit_ratio{$scope}) < 0.8",
      for: assumed("30m"),
      severity: "warning",
      threshold: assumed("below 80%"), // D-TM-37: the guide prints the ratio and compares it with nothing
      summary: "task-mcp's cache misses often",
      description: "{{ $value | humanizePercentage }} of the lookups hit the cache, on the worst instance.",
    }),
    alert("DatabasePoolHigh", {
      expr: "max(database_connections_active{$scope}) > 16", // 80% of the guide's DB_POOL_SIZE of 20
      for: assumed("10m"),
      severity: "warning",
      threshold: assumed("above 16 of 20 connections"),
      summary: "task-mcp's pool of database connections is nearly used up",
      description: "{{ $value }} of 20 connections are in use on the busiest instance.",
    }),
    alert("DatabaseQueriesSlow", {
      // D-TM-40: the guide draws it and compares it with nothing.
      expr: "histogram_quantile(0.95, sum by (le) (rate(database_query_duration_seconds_bucket{$scope}[5m]))) > 0.5",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("above 500 ms"),
      summary: "task-mcp's queries of its database are slow",
      description: "One query in twenty takes longer than {{ $value | humanizeDuration }}.",
    }),
  ],
  logAlerts: [
    logAlert("LogErrorsHigh", {
      expr: "sum(count_over_time({$scope} |~ `(?i)\\b(error|fatal|critical)\\b` [15m])) > 50",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("more than 50 lines in 15 minutes"), // D-TM-05: the guide looks for critical and fatal
      summary: "task-mcp logs many errors",
      description: "{{ $value }} lines of the last 15 minutes are errors.",
    }),
    logAlert("SlowQueriesHigh", {
      expr: "sum(count_over_time({$scope} |~ `(?i)slow.?query` [1h])) > 10",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("more than 10 lines in an hour"),
      summary: "Queries of task-mcp are slow",
      description: "{{ $value }} slow queries are in the logs of the last hour.",
    }),
    logAlert("LogTimeoutsHigh", {
      expr: "sum(count_over_time({$scope} |~ `(?i)time(d )?.?out|slow` !~ `(?i)slow.?query` [15m])) > 50",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("more than 50 lines in 15 minutes"), // D-TM-05: the guide prints the lines of a day
      summary: "task-mcp logs many timeouts",
      description: "{{ $value }} lines of the last 15 minutes speak of a timeout or of something slow.",
    }),
  ],
  windows: [maintenanceWindow("weekly", { on: { every: "sunday" }, at: guide("02:00"), lasts: guide("2h") })],
  notify: { critical: ["pagerduty", "slack", "email", "statusPage"], warning: ["slack"], info: [] }, // D-TM-17, D-TM-18: by API v2 and by Secret
});
