import type { Fault } from "../values/fault.ts";
import type { Environment } from "./environment.ts";

/** Faults for required features that the cluster lacks. docs/features.md has the whole table. */
export function featureFaults({ name, features }: Environment): Fault[] {
  if (features.kubeStateMetrics) return [];
  return [
    {
      code: "missing-feature",
      path: `upkeep:features.kubeStateMetrics in Pulumi.${name}.yaml`,
      got: "false",
      allowed: "true: without kube-state-metrics no alert fires for a job that failed, stopped or disappeared",
      fix: "install kube-state-metrics and let Prometheus scrape it, then set this to true",
    },
  ];
}
