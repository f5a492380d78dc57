import { DAY } from "../../../domain/values/duration.ts";
import type { Metric } from "./metric.ts";

type Labels = Metric["labels"];
type Value = Metric["value"];

/** A series of kube-state-metrics 2.20, which restarts as another pod. */
export function kubeStateMetrics(name: string, labels: Labels, value: Value): Metric {
  const elsewhere = { instance: "10.0.0.10:8080" };
  return { name, labels: { instance: "10.0.0.9:8080", job: "kube-state-metrics", ...labels }, value, elsewhere };
}

/** A condition of an object: one series for each status that it may have. */
export function condition(name: string, labels: Labels, type: string, status: "true" | "false"): Metric[] {
  return ["true", "false", "unknown"].map((one) =>
    kubeStateMetrics(name, { ...labels, condition: type, status: one }, one === status ? 1 : 0),
  );
}

/** A pod's owner; for a Deployment the ReplicaSet between them too. */
export function owned(kind: string, name: string, namespace: string, pod: string): Metric[] {
  const owner = (series: string, of: Labels, owner_kind: string, owner_name: string) =>
    kubeStateMetrics(series, { ...of, namespace, owner_kind, owner_name, owner_is_controller: "true" }, 1);
  if (kind !== "Deployment") return [owner("kube_pod_owner", { pod, uid: "u" }, kind, name)];
  const replicaset = pod.slice(0, pod.lastIndexOf("-"));
  return [
    owner("kube_pod_owner", { pod, uid: "u" }, "ReplicaSet", replicaset),
    owner("kube_replicaset_owner", { replicaset }, kind, name),
  ];
}

/** That kube-state-metrics is scraped: CoreDNS is a Deployment of every cluster. */
export const cluster: Metric[] = [
  kubeStateMetrics("kube_deployment_created", { namespace: "kube-system", deployment: "coredns" }, 1_700_000_000),
];

/** A series of blackbox exporter, as a Probe's job scrapes it; the address stays the same when the exporter restarts. */
export function blackbox(name: string, labels: Labels, value: Value): Metric {
  return { name, labels, value };
}

/** That blackbox exporter is scraped: a Probe of another service. */
export const probed: Metric[] = [
  blackbox("probe_success", { job: "upkeep/another/api", instance: "https://another.example.com" }, 1),
];

/** What the kubelet measures of a claim, from the node of the pod that mounts it. */
export function kubelet(name: string, labels: Labels, value: Value): Metric {
  const scrape = { job: "kubelet", metrics_path: "/metrics" };
  const elsewhere = { instance: "10.0.0.2:10250", node: "node-2" };
  return { name, labels: { ...scrape, instance: "10.0.0.1:10250", node: "node-1", ...labels }, value, elsewhere };
}

/** A series that a service's own pods export; a pod restarts as another one. */
export function exported(name: string, namespace: string, labels: Labels, value: Value): Metric {
  const pod = { instance: "10.0.1.1:8080", pod: "example-7d9f8c6b5d-x7k2p" };
  const elsewhere = { instance: "10.0.1.2:8080", pod: "example-7d9f8c6b5d-q9d4m" };
  return { name, labels: { namespace, job: "example", ...pod, ...labels }, value, elsewhere };
}

/** A counter of those: its rate a second. */
export function counted(name: string, namespace: string, labels: Labels, perSecond: number): Metric {
  return { ...exported(name, namespace, labels, (second) => 1e6 + perSecond * second), counter: true };
}

/** A moment that stays as many seconds ago. */
export function ago(seconds: number): Value {
  return (now) => now - seconds;
}

/** 04:00 on a Saturday, by weeks since 1970. */
export function saturday(week: number): number {
  return (2 + 7 * week) * DAY + 4 * 3600;
}
