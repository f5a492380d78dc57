import type { Workload } from "../declaration/workload.ts";

/** What the domain asks about a kind of workload. */
export interface WorkloadKind {
  /** The series of kube-state-metrics that counts the pods it should have. */
  wanted: string;
  /** The series of kube-state-metrics that counts its ready pods. */
  ready: string;
  /** PromQL of its pods, by the owners that kube-state-metrics knows: names say too little, for two workloads may begin alike. */
  pods: (namespace: string, name: string) => string;
  /** Whether it has one pod on each node: nothing scales it, and a drain ignores its pods. */
  onEachNode: boolean;
}

const owned = (namespace: string, kind: string, name: string) =>
  `kube_pod_owner{namespace="${namespace}",owner_kind="${kind}",owner_name="${name}"}`;

/** A Deployment owns ReplicaSets, and these own its pods. */
const ownedByReplicaSets = (namespace: string, name: string) =>
  `kube_pod_owner{namespace="${namespace}",owner_kind="ReplicaSet"} and on (owner_name) ` +
  `label_replace(kube_replicaset_owner{namespace="${namespace}",owner_kind="Deployment",owner_name="${name}"}, "owner_name", "$1", "replicaset", "(.+)")`;

/** One row per kind of workload. */
export const workloadKinds: { readonly [K in Workload["kind"]]: WorkloadKind } = {
  Deployment: {
    wanted: "kube_deployment_spec_replicas",
    ready: "kube_deployment_status_replicas_ready",
    pods: ownedByReplicaSets,
    onEachNode: false,
  },
  StatefulSet: {
    wanted: "kube_statefulset_replicas",
    ready: "kube_statefulset_status_replicas_ready",
    pods: (namespace, name) => owned(namespace, "StatefulSet", name),
    onEachNode: false,
  },
  DaemonSet: {
    wanted: "kube_daemonset_status_desired_number_scheduled",
    ready: "kube_daemonset_status_number_ready",
    pods: (namespace, name) => owned(namespace, "DaemonSet", name),
    onEachNode: true,
  },
};
