import { RECOMMENDED } from "../../../../domain/prometheus/kubeStateMetrics.ts";
import { blackbox, cluster, kubeStateMetrics } from "../exporters.ts";
import type { Metric } from "../metric.ts";
import { thresholds } from "../mutants.ts";
import type { Proof, Subject } from "../proof.ts";
import { measuredDatastore } from "./features.ts";

type Labels = Metric["labels"];

const prometheus = { job: "prometheus", instance: "prometheus:9090" };
const alertmanager = { job: "alertmanager", instance: "alertmanager:9093" };

const collector = { job: "otel-collector", instance: "10.0.3.1:8888" };
const grafana = { job: "grafana", instance: "10.0.3.2:3000" };

const gauge = (name: string, labels: Labels, value: number): Metric => ({ name, labels, value });
const counter = (name: string, labels: Labels, perSecond: number): Metric => ({
  name,
  labels,
  value: (second) => perSecond * second,
  counter: true,
});

const platformProof = { others: cluster, withoutSeries: false, exporterDown: false };

export function watchdog(): Proof {
  return { beyond: [], others: [], withoutSeries: true, exporterDown: true };
}

export function exporterMissing(subject: Subject): Proof {
  const { labels } = subject.rule;
  if (labels.datastore) {
    const { within, unmeasured } = measuredDatastore(subject);
    return { beyond: unmeasured, within, others: cluster, withoutSeries: true, exporterDown: true };
  }
  const there: Record<string, Metric[]> = {
    "kube-state-metrics": cluster,
    "blackbox-exporter": [blackbox("probe_success", { job: "upkeep/a/b", instance: "https://a.example.com" }, 0)],
    "cert-manager": [
      gauge("certmanager_certificate_ready_status", { namespace: "a", name: "b", condition: "True" }, 0),
    ],
    "trivy-operator": [gauge("trivy_image_vulnerabilities", { namespace: "a", severity: "Low" }, 0)],
    "otel-collector": [gauge("otelcol_process_uptime_seconds_total", collector, 60)],
    grafana: [gauge("grafana_build_info", grafana, 1)],
    "vertical-pod-autoscaler": [
      kubeStateMetrics(
        RECOMMENDED,
        { namespace: "a", target_kind: "Deployment", target_name: "b", resource: "cpu" },
        1,
      ),
    ],
    prometheus: [gauge("prometheus_config_last_reload_successful", prometheus, 0)],
    alertmanager: [gauge("alertmanager_config_last_reload_successful", alertmanager, 0)],
  };
  const within = there[labels.exporter as string];
  if (!within) throw new Error(`write what ${labels.exporter} exports`);
  const others = labels.exporter === "kube-state-metrics" ? [] : cluster;
  // Another probe's series, of a job of its own, is not Upkeep's.
  const foreign = blackbox("probe_success", { job: "blackbox", instance: "https://a.example.com" }, 1);
  // Without kube-state-metrics nobody knows whether anything is recommended.
  const exporterDown = labels.exporter !== "vertical-pod-autoscaler";
  return { beyond: [foreign], within, others, withoutSeries: true, exporterDown };
}

export function notificationsFailing(): Proof {
  const failed = (perSecond: number) =>
    counter(
      "alertmanager_notifications_failed_total",
      { ...alertmanager, integration: "slack", reason: "other" },
      perSecond,
    );
  return { ...platformProof, after: 1, beyond: [failed(1 / 600)], within: [failed(0)] };
}

export function ruleEvaluationFailing(): Proof {
  const failed = (perSecond: number) =>
    counter("prometheus_rule_evaluation_failures_total", { ...prometheus, rule_group: "a;b" }, perSecond);
  return { ...platformProof, after: 1, beyond: [failed(1 / 30)], within: [failed(0)] };
}

export function configurationReloadFailed(): Proof {
  const reloaded = (value: number) => [
    gauge("prometheus_config_last_reload_successful", prometheus, value),
    gauge("alertmanager_config_last_reload_successful", alertmanager, 1),
  ];
  return { ...platformProof, beyond: reloaded(0), within: reloaded(1) };
}

export function retentionTooShort({ rule }: Subject): Proof {
  const [least] = thresholds(rule.expr) as [number];
  const limit = (seconds: number) => [gauge("prometheus_tsdb_retention_limit_seconds", prometheus, seconds)];
  return {
    ...platformProof,
    beyond: limit(0.9 * least),
    within: limit(1.1 * least),
    cases: { "it is limited by size only": { metrics: limit(0), fires: false } },
  };
}

export function rulesNotLoaded({ rule }: Subject): Proof {
  const [count] = thresholds(rule.expr) as [number];
  const group = (name: string, instance: string) =>
    gauge(
      "prometheus_rule_group_rules",
      { ...prometheus, instance, rule_group: `/etc/prometheus/rules/a.yaml;${name}` },
      5,
    );
  const { watched } = rule.labels;
  // An objective has two groups: an even number is with the group of the probes.
  const groups = ["alerts", ...(count % 2 === 0 ? ["health"] : []), "error-ratios", "error-budget"];
  const own = groups.slice(0, count).map((name) => `${watched}-${name}`);
  const loaded = (names: string[]) => names.flatMap((name) => ["a:9090", "b:9090"].map((one) => group(name, one)));
  return {
    beyond: loaded(own.slice(1)),
    within: loaded(own),
    others: loaded([`another-${own[0]}`]),
    withoutSeries: true,
    exporterDown: false,
  };
}

export function silenceLasting(): Proof {
  const silences = (active: number) => [
    gauge("alertmanager_silences", { ...alertmanager, state: "active" }, active),
    gauge("alertmanager_silences", { ...alertmanager, state: "expired" }, 9),
  ];
  return { ...platformProof, step: 7200, beyond: silences(1), within: silences(0) };
}

/** A counter of a collector, which names it as its version does. */
const collected =
  (name: string, labels: Labels) =>
  (perSecond: number): Metric =>
    counter(`otelcol_${name}`, { ...collector, ...labels }, perSecond);

export function collectorDataLost({ rule }: Subject): Proof {
  const { telemetry } = rule.labels;
  const exporter = { exporter: "otlp/tempo" };
  const failed = collected(`exporter_send_failed_${telemetry}_total`, exporter);
  const unqueued = collected(`exporter_enqueue_failed_${telemetry}`, exporter);
  return {
    ...platformProof,
    after: 1,
    beyond: [failed(1), unqueued(0)],
    within: [failed(0), unqueued(0)],
    cases: {
      "the queue is full": { metrics: [failed(0), unqueued(1)], fires: true },
      "all are sent": { metrics: [collected(`exporter_sent_${telemetry}`, exporter)(1)], fires: false },
    },
  };
}

export function collectorRefusing({ rule }: Subject): Proof {
  const refused = collected(`receiver_refused_${rule.labels.telemetry}`, { receiver: "otlp", transport: "grpc" });
  return { ...platformProof, after: 1, beyond: [refused(1)], within: [refused(0)] };
}

export function collectorQueueHigh({ rule }: Subject): Proof {
  const [most] = thresholds(rule.expr) as [number];
  const CAPACITY = 1000;
  const of = { ...collector, exporter: "otlp/tempo", data_type: "traces" };
  const used = (share: number) => [
    gauge("otelcol_exporter_queue_size", of, share * CAPACITY),
    gauge("otelcol_exporter_queue_capacity", of, CAPACITY),
  ];
  return { ...platformProof, beyond: used(1.1 * most), within: used(0.9 * most) };
}

export function grafanaDataSourceFailing({ rule }: Subject): Proof {
  const [most] = thresholds(rule.expr) as [number];
  const queries = (status: string, perSecond: number, endpoint = "queryData") =>
    counter("grafana_plugin_request_total", { ...grafana, plugin_id: "prometheus", endpoint, status }, perSecond);
  const failing = (share: number) => [queries("error", share), queries("ok", 1 - share)];
  return {
    ...platformProof,
    after: 1,
    beyond: failing(1.1 * most),
    within: failing(0.9 * most),
    cases: {
      "its checks of health fail": { metrics: [queries("error", 1, "checkHealth"), queries("ok", 1)], fires: false },
    },
  };
}
