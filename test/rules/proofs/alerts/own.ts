import { DAY } from "../../../../domain/values/duration.ts";
import { blackbox, cluster, counted, exported, kubeStateMetrics } from "../exporters.ts";
import type { Metric } from "../metric.ts";
import { counter } from "../metric.ts";
import { thresholds } from "../mutants.ts";
import type { Proof, Subject } from "../proof.ts";

type ProofOf = (subject: Subject) => Proof;

const ownProof = { others: cluster, withoutSeries: false, exporterDown: false };

const namespaceOf = ({ rule }: Subject) => rule.labels.namespace as string;
const thresholdOf = ({ rule }: Subject) => (thresholds(rule.expr) as [number])[0];

/** A gauge of the service's own pods, of which the highest counts. */
const gaugeAbove =
  (metric: string): ProofOf =>
  (subject) => {
    const at = (value: number) => [exported(metric, namespaceOf(subject), {}, value)];
    const low = exported(metric, namespaceOf(subject), { path: "/" }, 0);
    return {
      ...ownProof,
      beyond: [...at(1.1 * thresholdOf(subject)), low],
      within: [...at(0.9 * thresholdOf(subject)), low],
    };
  };

/** A gauge of the service's own pods, of which the sum counts, unless it is idle. */
const gaugeBelow =
  (metric: string): ProofOf =>
  (subject) => {
    const at = (value: number) => [
      exported(metric, namespaceOf(subject), {}, value / 2),
      exported(metric, namespaceOf(subject), { path: "/" }, value / 2),
    ];
    return {
      ...ownProof,
      beyond: at(0.9 * thresholdOf(subject)),
      within: at(1.1 * thresholdOf(subject)),
      cases: { "it is idle": { metrics: at(0), fires: false } },
    };
  };

/** A gauge of the service's own pods, of which the lowest counts. */
const lowestBelow =
  (metric: string): ProofOf =>
  (subject) => {
    const at = (value: number) => [
      exported(metric, namespaceOf(subject), {}, value),
      exported(metric, namespaceOf(subject), { path: "/" }, 1),
    ];
    return {
      ...ownProof,
      beyond: at(0.9 * thresholdOf(subject)),
      within: at(1.1 * thresholdOf(subject)),
      cases: { "it is 0": { metrics: at(0), fires: true } },
    };
  };

/** A counter's share of another, or of itself. @param whole `rest`: labels of what is not in the part */
const shareAbove =
  (part: { metric: string; labels?: Metric["labels"] }, whole: { metric: string; rest?: Metric["labels"] }): ProofOf =>
  (subject) => {
    const RATE = 50;
    const of = (metric: string, labels: Metric["labels"], perSecond: number) =>
      counted(metric, namespaceOf(subject), labels, perSecond);
    const at = (share: number, perSecond = RATE) => [
      of(part.metric, part.labels ?? {}, share * perSecond),
      of(whole.metric, whole.rest ?? {}, part.metric === whole.metric ? (1 - share) * perSecond : perSecond),
    ];
    return {
      ...ownProof,
      after: 1,
      beyond: at(1.1 * thresholdOf(subject)),
      within: at(0.9 * thresholdOf(subject)),
      cases: { "it is idle": { metrics: at(0.5, 0), fires: false } },
    };
  };

const serviceDown =
  (job: string): ProofOf =>
  (subject) => {
    const up = (value: number) => [
      { name: "up", labels: { namespace: namespaceOf(subject), job, instance: "10.0.1.1:8080" }, value },
    ];
    return {
      ...ownProof,
      beyond: up(0),
      within: up(1),
      withoutSeries: true,
      exporterDown: true,
      cases: {
        "another target of it is up": {
          metrics: [
            ...up(0),
            { name: "up", labels: { namespace: namespaceOf(subject), job, instance: "10.0.1.2:8080" }, value: 1 },
          ],
          fires: true,
        },
      },
    };
  };

const withoutEndpoints =
  (service: string): ProofOf =>
  (subject) => {
    const namespace = namespaceOf(subject);
    const slice = (endpointslice: string) =>
      kubeStateMetrics("kube_endpointslice_info", { namespace, endpointslice, addresstype: "IPv4" }, 1);
    const pod = (endpointslice: string, ready: "true" | "false", address = "10.0.1.1") =>
      kubeStateMetrics(
        "kube_endpointslice_endpoints",
        { namespace, endpointslice, ready, serving: ready, terminating: "false", address, targetref_kind: "Pod" },
        1,
      );
    const own = `${service}-x7k2p`;
    const another = `${service}-admin-b2c3d`;
    return {
      ...ownProof,
      beyond: [slice(own), pod(own, "false"), slice(another), pod(another, "true")],
      within: [slice(own), pod(own, "true"), pod(own, "false", "10.0.1.2")],
      cases: {
        "it has no pod at all": { metrics: [slice(own)], fires: true },
        "it does not exist": { metrics: [slice(another)], fires: false },
      },
    };
  };

/** Requests a second, of two kinds. */
const traffic =
  (metric: string, bad: number, good: number, after: number): ProofOf =>
  (subject) => {
    const at = (share: number) =>
      ["200", "404"].map((status) =>
        counted(metric, namespaceOf(subject), { status }, (share * thresholdOf(subject)) / 2),
      );
    return { ...ownProof, after, beyond: at(bad), within: at(good) };
  };

const langfuse = (subject: Subject, name: string, value: Metric["value"]) => [
  blackbox(
    name,
    {
      job: "upkeep/lang-observatory/langfuse",
      instance: "http://lang-observatory-langfuse.lang-observatory.svc:3000/health",
      namespace: namespaceOf(subject),
    },
    value,
  ),
];

const slowProbes: ProofOf = (subject) => ({
  ...ownProof,
  beyond: langfuse(subject, "probe_duration_seconds", 1.1 * thresholdOf(subject)),
  within: langfuse(subject, "probe_duration_seconds", 0.9 * thresholdOf(subject)),
  cases: {
    "one probe of twenty is slow": {
      metrics: langfuse(subject, "probe_duration_seconds", (second) => (second % 1200 === 0 ? 10 : 0.1)),
      fires: false,
      after: 20,
    },
  },
});

/** One of as many probes fails. */
const failedProbes: ProofOf = (subject) => {
  const failing = (share: number) => langfuse(subject, "probe_success", 1 - share);
  return {
    ...ownProof,
    beyond: failing(1.1 * thresholdOf(subject)),
    within: failing(0.9 * thresholdOf(subject)),
    cases: {
      "one probe of sixty fails": {
        metrics: langfuse(subject, "probe_success", (second) => ((second / 60) % 60 === 30 ? 0 : 1)),
        fires: true,
        after: 60,
      },
      "no probe fails": { metrics: langfuse(subject, "probe_success", 1), fires: false },
    },
  };
};

/** The day, then a quarter of an hour in which more is received. */
const trafficSpike: ProofOf = (subject) => {
  const NORMAL = 1000;
  const began = DAY + 3600;
  const most = Number(/ > (\d+) \* /.exec(subject.rule.expr)?.[1]);
  const received = (times: number): Metric => ({
    ...counter(
      "container_network_receive_bytes_total",
      { namespace: namespaceOf(subject), pod: "a", interface: "eth0" },
      0,
      {
        pod: "b",
      },
    ),
    value: (second) => 1e9 + NORMAL * (second + (times - 1) * Math.max(0, second - began)),
  });
  // The average of the day includes the spike.
  return {
    ...ownProof,
    after: began / 60 + 4,
    again: 30,
    beyond: [received(1.15 * most)],
    within: [received(0.9 * most)],
    cases: {
      "its first hours": {
        metrics: [
          counter("container_network_receive_bytes_total", { namespace: namespaceOf(subject), pod: "a" }, NORMAL),
        ],
        fires: false,
        after: 240,
      },
    },
  };
};

/** A claim that holds as much as 30 days ago, then more. */
const storageGrowth: ProofOf = (subject) => {
  const STEP = 6 * 3600;
  const grew = 31 * DAY;
  const holds = (before: number, since: number): Metric[] => [
    {
      name: "kubelet_volume_stats_used_bytes",
      labels: {
        ...{ namespace: namespaceOf(subject), persistentvolumeclaim: "data", node: "node-1" },
        ...{ instance: "10.0.0.1:10250", job: "kubelet", metrics_path: "/metrics" },
      },
      value: (second) => (second < grew ? before : since),
      elsewhere: { node: "node-2", instance: "10.0.0.2:10250" },
    },
  ];
  return {
    ...ownProof,
    step: STEP,
    // The average of a day has then only samples after the growth.
    after: grew / STEP + DAY / STEP - 1,
    again: DAY / STEP,
    beyond: holds(1e9, 1e9 * (1 + 1.1 * thresholdOf(subject))),
    within: holds(1e9, 1e9 * (1 + 0.9 * thresholdOf(subject))),
    cases: { "it was empty 30 days ago": { metrics: holds(0, 1e9), fires: false } },
  };
};

/** The alerts that services declare themselves, by service and name. */
/** A histogram whose 95th percentile is interpolated between half the threshold and 2.5 times it. */
const slowQueries: ProofOf = (subject) => {
  const most = thresholdOf(subject);
  const bucket = (le: string, perSecond: number) =>
    counted("database_query_duration_seconds_bucket", namespaceOf(subject), { le }, perSecond);
  const slowest = (seconds: number) => {
    const into = (seconds - most / 2) / (2 * most);
    const share = (0.95 - into) / (1 - into);
    return [bucket(`${most / 2}`, 100 * share), bucket(`${2.5 * most}`, 100), bucket("+Inf", 100)];
  };
  return { ...ownProof, after: 1, beyond: slowest(1.1 * most), within: slowest(0.9 * most) };
};

export const ownProofs: Record<string, ProofOf> = {
  "js-mcp/SessionRateLow": gaugeBelow("session_rate"),
  "js-mcp/WorkflowThroughputLow": gaugeBelow("workflow_throughput"),
  "js-mcp/SessionLatencyHigh": gaugeAbove("session_latency"),
  "js-mcp/ErrorRateHigh": gaugeAbove("error_rate"),
  "js-mcp/MemoryFootprintHigh": gaugeAbove("memory_usage"),
  "js-mcp/DiskUsageHigh": gaugeAbove("disk_usage"),
  "js-mcp/NetworkTrafficSpike": trafficSpike,
  "lang-observatory/ServiceDown": serviceDown("lang-observatory"),
  "lang-observatory/ServiceWithoutEndpoints": withoutEndpoints("lang-observatory-langfuse"),
  "lang-observatory/LatencyHigh": slowProbes,
  "lang-observatory/ErrorRateHigh": failedProbes,
  "lang-observatory/StorageGrowthHigh": storageGrowth,
  "mplp/ServiceDown": serviceDown("mplp-modules"),
  "mplp/ServiceWithoutEndpoints": withoutEndpoints("mplp-core-service"),
  "task-mcp/AuthenticationFailuresHigh": shareAbove(
    { metric: "auth_attempts_total", labels: { status: "failed" } },
    { metric: "auth_attempts_total", rest: { status: "success" } },
  ),
  "task-mcp/CacheHitRatioLow": lowestBelow("cache_hit_ratio"),
  "task-mcp/DatabasePoolHigh": gaugeAbove("database_connections_active"),
  "task-mcp/DatabaseQueriesSlow": slowQueries,
  "task-mcp/RateLimitHitsHigh": shareAbove(
    { metric: "rate_limit_hits_total" },
    { metric: "http_server_requests_total", rest: { status: "200" } },
  ),
  "task-mcp/TrafficLow": traffic("http_server_requests_total", 0.9, 1.1, 1),
  "task-mcp/TrafficHigh": traffic("http_server_requests_total", 1.1, 0.9, 4),
};
