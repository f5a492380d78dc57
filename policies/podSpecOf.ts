import type { PodSpec } from "../domain/kubernetes/podSpec.ts";

/** Path of the pod specification in each kind of Kubernetes object, by type token. */
export const podSpecPaths: Record<string, readonly string[]> = {
  "kubernetes:core/v1:Pod": ["spec"],
  "kubernetes:apps/v1:Deployment": ["spec", "template", "spec"],
  "kubernetes:apps/v1:StatefulSet": ["spec", "template", "spec"],
  "kubernetes:apps/v1:DaemonSet": ["spec", "template", "spec"],
  "kubernetes:apps/v1:ReplicaSet": ["spec", "template", "spec"],
  "kubernetes:batch/v1:Job": ["spec", "template", "spec"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** The pod specification in an object's properties, and its path; empty if there is none. */
export function podSpecOf(type: string, props: Record<string, unknown>): { pod: PodSpec; at: string } {
  const path = podSpecPaths[type] ?? [];
  const inside = (value: unknown, key: string) => (value as Record<string, unknown> | undefined)?.[key];
  return { pod: (path.reduce(inside, props) ?? {}) as PodSpec, at: path.join(".") };
}
