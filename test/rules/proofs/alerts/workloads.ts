import { cluster, condition, kubeStateMetrics, owned } from "../exporters.ts";
import type { Metric } from "../metric.ts";
import { counter } from "../metric.ts";
import { thresholds } from "../mutants.ts";
import type { Proof, Subject } from "../proof.ts";

/** What kube-state-metrics counts for each kind of workload, and the name of one of its pods. */
const kinds = {
  deployment: {
    wanted: "kube_deployment_spec_replicas",
    ready: "kube_deployment_status_replicas_ready",
    pod: "7d9f8c6b5d-x7k2p",
  },
  statefulset: { wanted: "kube_statefulset_replicas", ready: "kube_statefulset_status_replicas_ready", pod: "0" },
  daemonset: {
    wanted: "kube_daemonset_status_desired_number_scheduled",
    ready: "kube_daemonset_status_number_ready",
    pod: "x7k2p",
  },
};

/** The workload as its service declares it. */
function workloadOf({ rule: { labels }, service }: Subject) {
  const found = service?.workloads.find(({ name }) => name === labels.workload);
  if (!found) throw new Error(`${labels.service} declares no workload ${labels.workload}`);
  const kind = found.kind.toLowerCase() as keyof typeof kinds;
  return { ...found, ...kinds[kind], kind, ownerKind: found.kind, namespace: labels.namespace as string };
}

export function workloadNotReady(subject: Subject): Proof {
  const { kind, name, namespace, wanted, ready } = workloadOf(subject);
  const pods = (desired: number, running: number) => [
    kubeStateMetrics(wanted, { namespace, [kind]: name }, desired),
    kubeStateMetrics(ready, { namespace, [kind]: name }, running),
  ];
  return {
    beyond: pods(3, 2),
    within: pods(3, 3),
    others: cluster,
    withoutSeries: true,
    exporterDown: false,
    cases: {
      "it has more ready pods than it should, as in a rollout": { metrics: pods(3, 4), fires: false },
      "it is scaled to none": { metrics: pods(0, 0), fires: false },
      "no pod of it is ready": { metrics: pods(1, 0), fires: true },
    },
  };
}

const LIMIT = { cpu: 2, memory: 2 ** 31 };

/** A container's limit or request, and its use, which is measured as its exporter measures it. */
function useHigh(
  subject: Subject,
  resource: "cpu" | "memory",
  used: (labels: Metric["labels"], use: number) => Metric,
) {
  const { name, namespace, container, ownerKind, pod: suffix } = workloadOf(subject);
  const [most] = thresholds(subject.rule.expr) as [number];
  const labels = { namespace, pod: `${name}-${suffix}`, container };
  const own = owned(ownerKind, name, namespace, labels.pod);
  const unit = resource === "cpu" ? "core" : "byte";
  const reserved = (of: "limits" | "requests", value: number) =>
    kubeStateMetrics(
      `kube_pod_container_resource_${of}`,
      { ...labels, uid: "u", node: "node-1", resource, unit },
      value,
    );
  const limit = LIMIT[resource];
  const cadvisor = {
    ...{ instance: "10.0.0.1:10250", job: "kubelet", metrics_path: "/metrics/cadvisor", node: "node-1" },
    ...{ id: "/kubepods.slice/a", name: "a", image: "example", ...labels },
  };
  // A container's own limit, with the least that the node keeps for it.
  const limited = [reserved("limits", limit), reserved("requests", limit / 10)];
  const use = (share: number) => used(cadvisor, share * limit);
  return {
    beyond: [use(1.1 * most), ...limited, ...own],
    within: [use(0.9 * most), ...limited, ...own],
    others: cluster,
    withoutSeries: false,
    exporterDown: false,
    cases: {
      "it has no limit, and uses more than its request": {
        metrics: [use(1.1 * most), reserved("requests", limit), ...own],
        fires: true,
      },
      "it has no limit, and uses less than its request": {
        metrics: [use(0.9 * most), reserved("requests", limit), ...own],
        fires: false,
      },
      "it has neither": { metrics: [use(1.1 * most), ...own], fires: false },
      "the pod is another workload's": {
        metrics: [use(1.1 * most), ...limited, ...owned(ownerKind, `${name}-canary`, namespace, labels.pod)],
        fires: false,
      },
    },
  };
}

/** Nothing says how much of a resource a container may use. */
export function unmeasured(subject: Subject): Proof {
  const { name, namespace, container, ownerKind, pod: suffix } = workloadOf(subject);
  const resource = String(subject.rule.labels.indicator).toLowerCase();
  const pod = `${name}-${suffix}`;
  const own = owned(ownerKind, name, namespace, pod);
  const reserved = (of: "limits" | "requests", changed: Metric["labels"] = {}) =>
    kubeStateMetrics(`kube_pod_container_resource_${of}`, { namespace, pod, container, resource, ...changed }, 1);
  return {
    // It waits for a day.
    step: 1800,
    beyond: own,
    within: [...own, reserved("requests")],
    others: cluster,
    withoutSeries: false,
    exporterDown: false,
    cases: {
      "it has a limit alone": { metrics: [...own, reserved("limits")], fires: false },
      "only another container of the pod has a request": {
        metrics: [...own, reserved("requests", { container: "another" })],
        fires: true,
      },
      "it has a request of another resource": {
        metrics: [...own, reserved("requests", { resource: "ephemeral_storage" })],
        fires: true,
      },
      "only the pod of another workload has a request": {
        metrics: [...own, reserved("requests", { pod: "another-0" })],
        fires: true,
      },
      "the pod is another workload's": { metrics: owned(ownerKind, `${name}-canary`, namespace, pod), fires: false },
    },
  };
}

export function workloadCpuHigh(subject: Subject): Proof {
  const restarted = { id: "/kubepods.slice/b", name: "b" };
  return {
    ...useHigh(subject, "cpu", (labels, use) =>
      counter("container_cpu_usage_seconds_total", { ...labels, cpu: "total" }, use, restarted),
    ),
    after: 4,
  };
}

export function workloadMemoryHigh(subject: Subject): Proof {
  return useHigh(subject, "memory", (labels, value) => ({
    ...{ name: "container_memory_working_set_bytes", labels, value },
    elsewhere: { id: "/kubepods.slice/b", name: "b" },
  }));
}

const AUTOSCALER = "kube_horizontalpodautoscaler";

const autoscalerOf = ({ rule: { labels } }: Subject) => ({
  namespace: labels.namespace as string,
  horizontalpodautoscaler: labels.workload as string,
});

export function autoscalerMaxedOut(subject: Subject): Proof {
  const one = autoscalerOf(subject);
  const scaled = (min: number, desired: number, limited: "true" | "false" = "true") => [
    kubeStateMetrics(`${AUTOSCALER}_spec_min_replicas`, one, min),
    kubeStateMetrics(`${AUTOSCALER}_spec_max_replicas`, one, 10),
    kubeStateMetrics(`${AUTOSCALER}_status_desired_replicas`, one, desired),
    ...condition(`${AUTOSCALER}_status_condition`, one, "ScalingLimited", limited),
  ];
  return {
    beyond: scaled(9, 10),
    within: scaled(9, 9),
    others: cluster,
    withoutSeries: false,
    exporterDown: false,
    cases: {
      "it wants no more pods": { metrics: scaled(9, 10, "false"), fires: false },
      "it may not scale at all": { metrics: scaled(10, 10), fires: false },
    },
  };
}

export function autoscalerInactive(subject: Subject): Proof {
  const one = autoscalerOf(subject);
  const active = (status: "true" | "false") => [
    kubeStateMetrics(
      `${AUTOSCALER}_info`,
      { ...one, scaletargetref_kind: "Deployment", scaletargetref_name: one.horizontalpodautoscaler },
      1,
    ),
    ...condition(`${AUTOSCALER}_status_condition`, one, "ScalingActive", status),
  ];
  return { beyond: active("false"), within: active("true"), others: cluster, withoutSeries: true, exporterDown: false };
}
