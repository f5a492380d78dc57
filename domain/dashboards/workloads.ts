import type { Service } from "../declaration/service.ts";
import type { Workload } from "../declaration/workload.ts";
import { workloadKinds } from "../kubernetes/workloadKinds.ts";
import { curves, type Query } from "./panels.ts";
import type { Row } from "./row.ts";

/** The pods of each workload and, where it is scaled, its autoscaler. */
export const workloads: Row = (service) => service.workloads.map((workload) => pods(service, workload));

function pods({ namespace }: Service, { kind, name, autoscale }: Workload) {
  const { wanted, ready } = workloadKinds[kind];
  const one = `{namespace="${namespace}",${kind.toLowerCase()}="${name}"}`;
  const scaler = (metric: string) =>
    `max(kube_horizontalpodautoscaler_${metric}{namespace="${namespace}",horizontalpodautoscaler="${name}"})`;
  const scaled: Query[] = [
    ["autoscaler wants", scaler("status_desired_replicas")],
    ["autoscaler's least", scaler("spec_min_replicas")],
    ["autoscaler's most", scaler("spec_max_replicas")],
  ];
  return curves({
    title: `Pods of ${name}`,
    description: `${kind} ${namespace}/${name}: its ready pods beside those that it should have${autoscale ? ", and its autoscaler's bounds" : ""}.`,
    unit: "short",
    queries: [["ready", `max(${ready}${one})`], ["wanted", `max(${wanted}${one})`], ...(autoscale ? scaled : [])],
    span: 8,
  });
}
