import type { Workload } from "../declaration/workload.ts";

/** What the domain asks about a kind of workload. */
export interface WorkloadKind {
  /** The series of kube-state-metrics that counts the pods it should have. */
  wanted: string;
  /** The series of kube-state-metrics that counts its ready pods. */
  ready: string;
  /** The end of its pods' names, after its own name, as a regular expression. */
  podSuffix: string;
  /** Whether it has one pod on each node: nothing scales it, and a drain ignores its pods. */
  onEachNode: boolean;
}

/** One row per kind of workload. */
export const workloadKinds: { readonly [K in Workload["kind"]]: WorkloadKind } = {
  Deployment: {
    wanted: "kube_deployment_spec_replicas",
    ready: "kube_deployment_status_replicas_ready",
    podSuffix: "-[a-z0-9]+-[a-z0-9]{5}",
    onEachNode: false,
  },
  StatefulSet: {
    wanted: "kube_statefulset_replicas",
    ready: "kube_statefulset_status_replicas_ready",
    podSuffix: "-[0-9]+",
    onEachNode: false,
  },
  DaemonSet: {
    wanted: "kube_daemonset_status_desired_number_scheduled",
    ready: "kube_daemonset_status_number_ready",
    podSuffix: "-[a-z0-9]{5}",
    onEachNode: true,
  },
};
