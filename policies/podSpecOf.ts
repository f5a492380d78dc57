import type { PodSpec } from "../domain/kubernetes/podSpec.ts";

/** Where each kind of Kubernetes object keeps its pod's specification, by type token. */
export const podSpecPaths: Record<string, readonly string[]> = {
  "kubernetes:core/v1:Pod": ["spec"],
  "kubernetes:apps/v1:Deployment": ["spec", "template", "spec"],
  "kubernetes:apps/v1:StatefulSet": ["spec", "template", "spec"],
  "kubernetes:apps/v1:DaemonSet": ["spec", "template", "spec"],
  "kubernetes:apps/v1:ReplicaSet": ["spec", "template", "spec"],
  "kubernetes:batch/v1:Job": ["spec", "template", "spec"],
  "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** The pod's specification in an object's properties, empty where there is none, and its path. */
export function podSpecOf(type: string, props: Record<string, unknown>): { pod: PodSpec; at: string } {
  const path = podSpecPaths[type] ?? [];
  const inside = (value: unknown, key: string) => (value as Record<string, unknown> | undefined)?.[key];
  return { pod: (path.reduce(inside, props) ?? {}) as PodSpec, at: path.join(".") };
}
