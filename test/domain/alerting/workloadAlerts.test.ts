import assert from "node:assert/strict";
import { workloadAlerts } from "../../../domain/alerting/workloadAlerts.ts";
import {
  daemonSet,
  deployment,
  statefulSet,
  type UseBound,
  type Workload,
} from "../../../domain/declaration/workload.ts";
import { assumed, guide } from "../../../domain/values/sourced.ts";
import { shop } from "../../support/shop.ts";

const alertsOf = (workload: Workload) => workloadAlerts({ ...shop, namespace: "store" }, workload);
const named = (name: string, workload: Workload) => alertsOf(workload).filter((alert) => alert.name === name);

const bound = (value: `${number}%`, severity: UseBound["severity"] = "warning"): UseBound => ({
  value: guide(value),
  for: assumed("20m"),
  severity,
});
const autoscale = { min: guide(1), max: guide(4), cpu: guide("70%") } as const;

describe("a workload's alerts", () => {
  it("notify that fewer of its pods are ready than should be, or that it is gone while others are there", () => {
    const notReady = (kind: string, wanted: string, ready: string) => [
      {
        name: "WorkloadNotReady",
        expr:
          `max(${wanted}) - max(${ready}) > 0` + ` or (max(absent(${wanted})) unless absent(kube_deployment_created))`,
        for: "10m",
        severity: "warning",
        labels: { workload: "web" },
        summary: `${kind} web has fewer ready pods than it should`,
        description: `${kind} store/web has had {{ $value }} fewer ready pods than it should for 10m, or does not exist.`,
      },
    ];
    assert.deepEqual(
      alertsOf(deployment("web")),
      notReady(
        "Deployment",
        'kube_deployment_spec_replicas{namespace="store",deployment="web"}',
        'kube_deployment_status_replicas_ready{namespace="store",deployment="web"}',
      ),
    );
    assert.deepEqual(
      alertsOf(statefulSet("web")),
      notReady(
        "StatefulSet",
        'kube_statefulset_replicas{namespace="store",statefulset="web"}',
        'kube_statefulset_status_replicas_ready{namespace="store",statefulset="web"}',
      ),
    );
    assert.deepEqual(
      alertsOf(daemonSet("web")),
      notReady(
        "DaemonSet",
        'kube_daemonset_status_desired_number_scheduled{namespace="store",daemonset="web"}',
        'kube_daemonset_status_number_ready{namespace="store",daemonset="web"}',
      ),
    );
  });

  it("notify that a pod uses too much CPU of the limit of the container that serves, for each bound", () => {
    const container = 'namespace="store",container="app"';
    const pods =
      'kube_pod_owner{namespace="store",owner_kind="ReplicaSet"} and on (owner_name) ' +
      'label_replace(kube_replicaset_owner{namespace="store",owner_kind="Deployment",owner_name="web"}, "owner_name", "$1", "replicaset", "(.+)")';
    const high = (severity: string, percent: string, share: number) => ({
      name: "WorkloadCpuHigh",
      expr:
        `max(max by (pod) (rate(container_cpu_usage_seconds_total{${container}}[5m]))` +
        ` / (max by (pod) (kube_pod_container_resource_limits{${container},resource="cpu"}) or max by (pod) (kube_pod_container_resource_requests{${container},resource="cpu"})) and on (pod) (${pods})) > ${share}`,
      for: "20m",
      severity,
      labels: { workload: "web" },
      summary: `web uses more than ${percent} of its CPU limit, or request`,
      description:
        "A container app of Deployment store/web uses {{ $value | humanizePercentage }} of its CPU limit, or of its request if it has no limit.",
    });
    const cpuBelow = [bound("80%"), bound("95%", "critical")];
    assert.deepEqual(named("WorkloadCpuHigh", deployment("web", { container: "app", cpuBelow })), [
      high("warning", "80%", 0.8),
      high("critical", "95%", 0.95),
    ]);
  });

  it("notify that a pod uses too much memory of the limit of the container that serves", () => {
    const container = 'namespace="store",container="my.big.store"';
    const pods = 'kube_pod_owner{namespace="store",owner_kind="StatefulSet",owner_name="my.big.store"}';
    assert.deepEqual(named("WorkloadMemoryHigh", statefulSet("my.big.store", { memoryBelow: [bound("70%")] })), [
      {
        name: "WorkloadMemoryHigh",
        expr:
          `max(max by (pod) (container_memory_working_set_bytes{${container}})` +
          ` / (max by (pod) (kube_pod_container_resource_limits{${container},resource="memory"}) or max by (pod) (kube_pod_container_resource_requests{${container},resource="memory"})) and on (pod) (${pods})) > 0.7`,
        for: "20m",
        severity: "warning",
        labels: { workload: "my.big.store" },
        summary: "my.big.store uses more than 70% of its memory limit, or request",
        description:
          "A container my.big.store of StatefulSet store/my.big.store uses {{ $value | humanizePercentage }} of its memory limit, or of its request if it has no limit.",
      },
    ]);
  });

  it("notify that the container that serves has neither a limit nor a request of what is watched", () => {
    const container = 'namespace="store",container="store"';
    const pods = 'kube_pod_owner{namespace="store",owner_kind="StatefulSet",owner_name="store"}';
    assert.deepEqual(named("IndicatorMissing", statefulSet("store", { memoryBelow: [bound("70%")] })), [
      {
        name: "IndicatorMissing",
        expr: `count((${pods}) unless on (pod) (max by (pod) (kube_pod_container_resource_limits{${container},resource="memory"}) or max by (pod) (kube_pod_container_resource_requests{${container},resource="memory"}))) > 0`,
        for: "1d",
        severity: "warning",
        labels: { indicator: "memory", workload: "store" },
        summary: "Nothing says how much memory store may use",
        description:
          "In {{ $value }} pods of StatefulSet store/store no container store has a memory limit or request: WorkloadMemoryHigh cannot fire for them.",
      },
    ]);
    assert.deepEqual(
      named("IndicatorMissing", deployment("web", { cpuBelow: [bound("70%"), bound("95%", "critical")] })).map(
        ({ labels }) => labels,
      ),
      [{ indicator: "CPU", workload: "web" }],
    );
    assert.deepEqual(named("IndicatorMissing", deployment("web", {})), []);
  });

  it("know a DaemonSet's pods by their owner", () => {
    const [, high] = alertsOf(daemonSet("agent", { cpuBelow: [bound("70%")] }));
    assert.match(high?.expr ?? "", /kube_pod_owner\{namespace="store",owner_kind="DaemonSet",owner_name="agent"\}/);
  });

  it("notify that its autoscaler is at its maximum and wants more, or does not work", () => {
    const one = 'namespace="store",horizontalpodautoscaler="web"';
    const max = `max(kube_horizontalpodautoscaler_spec_max_replicas{${one}})`;
    assert.deepEqual(
      alertsOf(deployment("web", { autoscale })).filter(({ name }) => name.startsWith("Autoscaler")),
      [
        {
          name: "AutoscalerMaxedOut",
          expr:
            `max(kube_horizontalpodautoscaler_status_desired_replicas{${one}}) >= ${max}` +
            ` and ${max} > max(kube_horizontalpodautoscaler_spec_min_replicas{${one}})` +
            ` and max(kube_horizontalpodautoscaler_status_condition{${one},condition="ScalingLimited",status="true"}) == 1`,
          for: "15m",
          severity: "warning",
          labels: { workload: "web" },
          summary: "web would scale further, but may not",
          description: "The autoscaler of store/web has been at its most, {{ $value }} pods, for 15m and wants more.",
        },
        {
          name: "AutoscalerInactive",
          expr:
            `max(kube_horizontalpodautoscaler_status_condition{${one},condition="ScalingActive",status="false"}) == 1` +
            ` or (max(absent(kube_horizontalpodautoscaler_info{${one}})) unless absent(kube_deployment_created))`,
          for: "15m",
          severity: "warning",
          labels: { workload: "web" },
          summary: "web does not scale",
          description: "The autoscaler of store/web has had no metrics to act on for 15m, or does not exist.",
        },
      ],
    );
  });

  it("are those of what is declared of it, in one order", () => {
    const all = { cpuBelow: [bound("70%")], memoryBelow: [bound("70%")], autoscale };
    assert.deepEqual(
      alertsOf(deployment("web", all)).map(({ name }) => name),
      [
        "WorkloadNotReady",
        "WorkloadCpuHigh",
        "WorkloadMemoryHigh",
        "IndicatorMissing",
        "IndicatorMissing",
        "AutoscalerMaxedOut",
        "AutoscalerInactive",
      ],
    );
  });
});
