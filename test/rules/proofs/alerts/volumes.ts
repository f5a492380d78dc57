import { kubelet } from "../exporters.ts";
import type { Metric } from "../metric.ts";
import { thresholds } from "../mutants.ts";
import type { Proof, Subject } from "../proof.ts";

const CAPACITY = 2 ** 30;

export function volumeFilling(subject: Subject): Proof {
  return filling(subject, "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes");
}

export function volumeInodesFilling(subject: Subject): Proof {
  const [free, all] = ["kubelet_volume_stats_inodes_free", "kubelet_volume_stats_inodes"] as const;
  const proof = filling(subject, free, all);
  const labels = { namespace: subject.rule.labels.namespace ?? "", persistentvolumeclaim: "data" };
  const none = [free, all].map((metric) => kubelet(metric, labels, 0));
  const cases = { ...proof.cases, "its file system counts none": { metrics: none, fires: false } };
  return { ...proof, cases };
}

/** @param free metric of how much is free @param all metric of how much there is */
function filling(subject: Subject, free: string, all: string): Proof {
  const { namespace = "", severity } = subject.rule.labels as Record<string, string>;
  const [least] = thresholds(subject.rule.expr) as [number];
  /** @param share what is free at first @param growth of what is used, per second */
  const volume = (claim: string, share: number, growth = 0): Metric[] => {
    const labels = { namespace, persistentvolumeclaim: claim };
    return [kubelet(free, labels, (second) => share * CAPACITY - growth * second), kubelet(all, labels, CAPACITY)];
  };
  /** With this growth what is free at the threshold is used in so many days. */
  const fullIn = (days: number) => (least * CAPACITY) / (days * 86_400);
  const others = volume("another", 0.9);
  const proof = { others, withoutSeries: false, exporterDown: false };
  if (severity === "critical") {
    return { ...proof, beyond: volume("data", 0.9 * least), within: volume("data", 1.1 * least) };
  }
  return {
    ...proof,
    after: 1,
    beyond: volume("data", 0.9 * least, fullIn(3)),
    within: volume("data", 1.1 * least, fullIn(3)),
    cases: {
      "it is full in five days": { metrics: volume("data", 0.9 * least, fullIn(6)), fires: false },
      "it is nearly full and does not grow": { metrics: volume("data", 0.9 * least), fires: false },
      "it grows, and half of it is free": { metrics: volume("data", 0.5, fullIn(0.5)), fires: false },
    },
  };
}
