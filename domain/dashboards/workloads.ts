import type { Service } from "../declaration/service.ts";
import type { Workload } from "../declaration/workload.ts";
import { workloadKinds } from "../kubernetes/workloadKinds.ts";
import { RECOMMENDED } from "../prometheus/kubeStateMetrics.ts";
import { curves, type Query } from "./panels.ts";
import type { Row } from "./row.ts";
import { cpuUsed, memoryUsed } from "./use.ts";

/** The pods of each workload, where it is scaled its autoscaler, and where the cluster recommends requests these. */
export const workloads: Row = (service, { features }) =>
  service.workloads.flatMap((workload) => [
    pods(service, workload),
    ...(features.vpa ? resources.map((resource) => requests(service, workload, resource)) : []),
  ]);

const resources = [
  { resource: "cpu", title: "CPU", unit: "short", of: "in cores", used: cpuUsed },
  { resource: "memory", title: "Memory", unit: "bytes", of: "in bytes", used: memoryUsed },
] as const;

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

function requests(
  { namespace }: Service,
  { kind, name }: Workload,
  { resource, title, unit, of, used }: (typeof resources)[number],
) {
  const requested = `kube_pod_container_resource_requests{namespace="${namespace}",resource="${resource}"}`;
  const pods = workloadKinds[kind].pods(namespace, name);
  const largest = (series: string) => `max by (container) (${series} and on (pod) (${pods}))`;
  const recommended = `${RECOMMENDED}{namespace="${namespace}",target_kind="${kind}",target_name="${name}",resource="${resource}"}`;
  return curves({
    title: `${title} of ${name}`,
    description: `What each container of ${kind} ${namespace}/${name} uses and requests, ${of}, and what its VerticalPodAutoscaler recommends; nothing changes the pods.`,
    unit,
    queries: [
      ["{{container}} uses", largest(used(namespace))],
      ["{{container}} requests", largest(requested)],
      ["{{container}} should request", `max by (container) (${recommended})`],
    ],
    span: 8,
  });
}
