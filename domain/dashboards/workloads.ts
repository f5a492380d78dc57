import type { Service } from "../declaration/service.ts";
import type { Workload } from "../declaration/workload.ts";
import { workloadKinds } from "../kubernetes/workloadKinds.ts";
import { RECOMMENDED } from "../prometheus/kubeStateMetrics.ts";
import { curves, type Query } from "./panels.ts";
import type { Row } from "./row.ts";

/** The pods of each workload, where it is scaled its autoscaler, and where the cluster recommends requests these. */
export const workloads: Row = (service, { features }) =>
  service.workloads.flatMap((workload) => [
    pods(service, workload),
    ...(features.vpa ? resources.map((resource) => requests(service, workload, resource)) : []),
  ]);

const resources = [
  { resource: "cpu", title: "CPU", unit: "short", of: "in cores" },
  { resource: "memory", title: "Memory", unit: "bytes", of: "in bytes" },
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
  { resource, title, unit, of }: (typeof resources)[number],
) {
  const requested = `kube_pod_container_resource_requests{namespace="${namespace}",resource="${resource}"}`;
  const recommended = `${RECOMMENDED}{namespace="${namespace}",target_kind="${kind}",target_name="${name}",resource="${resource}"}`;
  return curves({
    title: `${title} of ${name}`,
    description: `What each container of ${kind} ${namespace}/${name} requests, ${of}, and what its VerticalPodAutoscaler recommends; nothing changes the pods.`,
    unit,
    queries: [
      [
        "{{container}} requests",
        `max by (container) (${requested} and on (pod) (${workloadKinds[kind].pods(namespace, name)}))`,
      ],
      ["{{container}} should request", `max by (container) (${recommended})`],
    ],
    span: 8,
  });
}
