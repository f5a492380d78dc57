import {
  alert,
  assumed,
  backup,
  configuration,
  defineService,
  deployment,
  endpoint,
  guide,
  logAlert,
  volume,
} from "../domain/declaration/declaration.ts";

const address = "http://js-mcp.js-mcp.svc:3000"; // D-JS-04: the guide's localhost is right on one host only

/** js-mcp (guides: js-mcp Operations Guide). Its metrics are gauges in the units that its tables use: ms, MB and percent. */
export const jsMcp = defineService({
  name: "js-mcp",
  namespace: "js-mcp", // D-JS-02: the guide names none
  owner: { team: "js-mcp-operations" },
  indicators: {},
  objectives: {
    availability: guide("99.9%"),
    recoveryPoint: assumed("26h"), // D-JS-30: the guide gives neither
    recoveryTime: assumed("4h"),
  },
  workloads: [
    // D-JS-01: one runtime, Kubernetes
    deployment("js-mcp", {
      pods: { app: "js-mcp" },
      autoscale: { min: guide(3), max: assumed(10), cpu: assumed("70%") },
      maxUnavailable: assumed(1),
      // D-JS-18: the guide's targets and alerts differ; the lower number warns, the higher is critical
      cpuBelow: [
        { value: guide("70%"), for: guide("15m"), severity: "warning" },
        { value: guide("80%"), for: assumed("15m"), severity: "critical" },
      ],
      memoryBelow: [{ value: guide("80%"), for: guide("10m"), severity: "critical" }],
    }),
  ],
  datastores: [
    configuration("configuration", { objects: ["ConfigMap", "Deployment"] }), // D-JS-21: no .env and no Secret in clear text
    volume("sessions", {
      claim: "js-mcp-sessions",
      size: assumed("1Gi"),
      uid: 1000,
      gid: 1000,
      throughput: assumed("20Mi"),
      from: { owner: { app: "js-mcp" } }, // D-JS-24: a file that changes while it is read is read again, or fails the run
    }),
  ],
  endpoints: [
    endpoint("health", [`${address}/health`], { severity: "critical", for: assumed("5m") }),
    endpoint("status", [`${address}/status`], { severity: "critical", for: assumed("5m") }),
  ],
  backups: [
    backup("configuration", {
      job: "js-mcp-config-backup",
      schedule: assumed("40 0 * * *"),
      keep: { daily: assumed("30d") },
      prefix: "config/",
      startingDeadline: "30m",
      deadline: "10m",
      undrilled: "a restore of configuration shows first what it would change: its dry run is its drill",
    }),
    backup("sessions", {
      job: "js-mcp-sessions-backup",
      schedule: assumed("20 0 * * *"),
      keep: { daily: guide("30d") },
      prefix: "sessions/",
      startingDeadline: "30m",
      deadline: "10m",
      drill: { job: "js-mcp-sessions-drill", schedule: assumed("0 3 * * 6"), startingDeadline: "1h" },
    }),
  ],
  monitor: { job: "js-mcp-daily-health", schedule: assumed("15 8 * * *"), startingDeadline: "10m", deadline: "5m" },
  alerts: [
    // above 0, for the guide's numbers are of a service under load, and a quiet night is no fault
    alert("SessionRateLow", {
      expr: "0 < sum(session_rate{$scope}) < 1000",
      for: assumed("15m"),
      severity: "warning",
      threshold: guide("below 1000 operations per second"),
      summary: "js-mcp handles far fewer session operations than it can",
      description: "{{ $value | humanize }} operations per second; the baseline is 10000.",
    }),
    alert("SessionRateLow", {
      expr: "0 < sum(session_rate{$scope}) < 10000",
      for: assumed("30m"),
      severity: "info",
      threshold: guide("below 10000 operations per second"), // D-JS-03: the guide's other number
      summary: "js-mcp handles fewer session operations than its baseline",
      description: "{{ $value | humanize }} operations per second; the baseline is 10000.",
    }),
    alert("WorkflowThroughputLow", {
      expr: "0 < sum(workflow_throughput{$scope}) < 200", // D-JS-19: the guide's YAML has no operator; for throughput it is "below"
      for: guide("15m"),
      severity: "warning",
      threshold: guide("below 200 workflows per second"),
      summary: "js-mcp executes too few workflows",
      description: "{{ $value | humanize }} workflows per second; the target is 400.",
    }),
    alert("WorkflowThroughputLow", {
      expr: "0 < sum(workflow_throughput{$scope}) < 400",
      for: assumed("30m"),
      severity: "info",
      threshold: guide("below 400 workflows per second"),
      summary: "js-mcp executes fewer workflows than its target",
      description: "{{ $value | humanize }} workflows per second; the target is 400.",
    }),
    alert("SessionLatencyHigh", {
      expr: "max(session_latency{$scope}) > 100",
      for: guide("5m"),
      severity: "critical",
      threshold: guide("above 100 ms"),
      summary: "js-mcp takes too long to create sessions",
      description: "{{ $value | humanize }} ms on the slowest instance; the target is 50 ms.",
    }),
    alert("SessionLatencyHigh", {
      expr: "max(session_latency{$scope}) > 50",
      for: assumed("15m"),
      severity: "warning",
      threshold: guide("above 50 ms"),
      summary: "js-mcp takes longer than its target to create sessions",
      description: "{{ $value | humanize }} ms on the slowest instance; the target is 50 ms.",
    }),
    alert("ErrorRateHigh", {
      expr: "max(error_rate{$scope}) > 5",
      for: guide("5m"),
      severity: "critical",
      threshold: guide("above 5%"),
      summary: "js-mcp fails more than 5% of its requests",
      description: "{{ $value | humanize }}% of requests fail on the worst instance.",
    }),
    alert("ErrorRateHigh", {
      expr: "max(error_rate{$scope}) > 1",
      for: assumed("15m"),
      severity: "warning",
      threshold: guide("above 1%"), // D-JS-18: a target of the guide that no alert of it watches
      summary: "js-mcp fails more than 1% of its requests",
      description: "{{ $value | humanize }}% of requests fail on the worst instance.",
    }),
    alert("MemoryFootprintHigh", {
      expr: "max(memory_usage{$scope}) > 50", // D-JS-03: the guide measures MB and percent under one name; this is MB
      for: assumed("15m"),
      severity: "warning",
      threshold: guide("above 50 MB"),
      summary: "js-mcp needs more memory than it should under load",
      description: "{{ $value | humanize }} MB on the largest instance; the target under load is 50 MB.",
    }),
    alert("MemoryFootprintHigh", {
      expr: "max(memory_usage{$scope}) > 10",
      for: assumed("1h"),
      severity: "info",
      threshold: guide("above 10 MB"),
      summary: "js-mcp needs more memory than it does under normal load",
      description: "{{ $value | humanize }} MB on the largest instance; 10 MB are normal.",
    }),
    alert("DiskUsageHigh", {
      expr: "max(disk_usage{$scope}) > 90",
      for: assumed("10m"),
      severity: "critical",
      threshold: guide("above 90%"),
      summary: "js-mcp's disk is nearly full",
      description: "{{ $value | humanize }}% of the disk is used on the fullest instance.",
    }),
    alert("DiskUsageHigh", {
      expr: "max(disk_usage{$scope}) > 80",
      for: guide("30m"),
      severity: "warning",
      threshold: guide("above 80%"),
      summary: "js-mcp's disk is over 80% full",
      description: "{{ $value | humanize }}% of the disk is used on the fullest instance.",
    }),
    alert("NetworkTrafficSpike", {
      expr:
        "sum(rate(container_network_receive_bytes_total{$scope}[5m]))" +
        " > 3 * sum(rate(container_network_receive_bytes_total{$scope}[1d]))" +
        " and sum(container_network_receive_bytes_total{$scope} offset 1d)", // with less than a day of history, the day's average is too low
      for: assumed("15m"),
      severity: "info",
      threshold: assumed("above 3 times the day's average"), // the guide says "monitor for spikes"
      summary: "js-mcp receives far more traffic than it usually does",
      description: "{{ $value | humanize1024 }}B per second, more than three times the average of a day.",
    }),
  ],
  logAlerts: [
    logAlert("LogErrorsHigh", {
      expr: "sum(count_over_time({$scope} |~ `(?i)\\b(error|fatal)\\b` [15m])) > 50",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("more than 50 lines in 15 minutes"), // the guide counts the lines of a day and compares them with nothing
      summary: "js-mcp logs many errors",
      description: "{{ $value }} lines of the last 15 minutes are errors.",
    }),
    logAlert("LogPerformanceWarningsHigh", {
      expr: "sum(count_over_time({$scope} |~ `WARN.*performance` [15m])) > 20",
      for: assumed("15m"),
      severity: "warning",
      threshold: assumed("more than 20 lines in 15 minutes"), // the guide shows the last five and compares them with nothing
      summary: "js-mcp warns of its performance",
      description: "{{ $value }} lines of the last 15 minutes warn of performance.",
    }),
  ],
  windows: [], // the guide has none
  notify: { critical: ["pagerduty", "slack"], warning: ["slack"], info: [] }, // D-JS-20: the guide names no one
});
