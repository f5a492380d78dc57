import type { Service } from "../declaration/service.ts";
import type { UseBound, Workload } from "../declaration/workload.ts";
import { workloadKinds } from "../kubernetes/workloadKinds.ts";
import { kubeStateMetricsDown } from "../prometheus/kubeStateMetrics.ts";
import type { AlertFacts } from "../prometheus/rules.ts";
import { fraction } from "../values/percent.ts";
import { indicatorMissing } from "./indicatorMissing.ts";

/** Longer than the rollout of a few pods: while they are replaced, fewer are ready than there should be. */
const ROLLOUT = "10m";

/** Longer than a short peak. */
const PEAK = "15m";

type Resource = "CPU" | "memory";

const useHighNames: Record<Resource, string> = { CPU: "WorkloadCpuHigh", memory: "WorkloadMemoryHigh" };

/** For an object that is missing although kube-state-metrics reports others. */
const gone = (series: string) => `(max(absent(${series})) unless ${kubeStateMetricsDown})`;

/**
 * The alerts of one workload, from the series of kube-state-metrics and the kubelet. Each gives one series, so that the alert
 * stays the same when what measures it restarts elsewhere.
 */
export function workloadAlerts({ namespace }: Pick<Service, "namespace">, workload: Workload): AlertFacts[] {
  return [
    notReady(namespace, workload),
    ...(workload.cpuBelow ?? []).map((bound) => cpuHigh(namespace, workload, bound)),
    ...(workload.memoryBelow ?? []).map((bound) => memoryHigh(namespace, workload, bound)),
    ...(workload.cpuBelow?.length ? [unmeasured(namespace, workload, "CPU")] : []),
    ...(workload.memoryBelow?.length ? [unmeasured(namespace, workload, "memory")] : []),
    ...(workload.autoscale ? autoscalerAlerts(namespace, workload) : []),
  ];
}

function notReady(namespace: string, { kind, name }: Workload): AlertFacts {
  const { wanted, ready } = workloadKinds[kind];
  const one = `{namespace="${namespace}",${kind.toLowerCase()}="${name}"}`;
  return {
    name: "WorkloadNotReady",
    expr: `max(${wanted}${one}) - max(${ready}${one}) > 0 or ${gone(`${wanted}${one}`)}`,
    for: ROLLOUT,
    severity: "warning",
    labels: { workload: name },
    summary: `${kind} ${name} has fewer ready pods than it should`,
    description: `${kind} ${namespace}/${name} has had {{ $value }} fewer ready pods than it should for ${ROLLOUT}, or does not exist.`,
  };
}

function cpuHigh(namespace: string, workload: Workload, bound: UseBound): AlertFacts {
  const used = `rate(container_cpu_usage_seconds_total{${container(namespace, workload)}}[5m])`;
  return useHigh(namespace, workload, bound, "CPU", used);
}

function memoryHigh(namespace: string, workload: Workload, bound: UseBound): AlertFacts {
  const used = `container_memory_working_set_bytes{${container(namespace, workload)}}`;
  return useHigh(namespace, workload, bound, "memory", used);
}

function useHigh(
  namespace: string,
  workload: Workload,
  { value, for: wait, severity }: UseBound,
  resource: Resource,
  used: string,
): AlertFacts {
  return {
    name: useHighNames[resource],
    // The largest by pod: after a restart, the old container's series remains for some minutes next to the new one's.
    expr:
      `max(max by (pod) (${used}) / (${reserved(namespace, workload, resource)})` +
      ` and on (pod) (${workloadKinds[workload.kind].pods(namespace, workload.name)})) > ${fraction(value.value)}`,
    for: wait.value,
    severity,
    labels: { workload: workload.name },
    summary: `${workload.name} uses more than ${value.value} of its ${resource} limit, or request`,
    description: `A container ${workload.container} of ${workload.kind} ${namespace}/${workload.name} uses {{ $value | humanizePercentage }} of its ${resource} limit, or of its request if it has no limit.`,
  };
}

/** Use is compared with what the container may use: without that there is no share, and the alert on it is silent. */
function unmeasured(namespace: string, workload: Workload, resource: Resource): AlertFacts {
  const pods = workloadKinds[workload.kind].pods(namespace, workload.name);
  return indicatorMissing(
    resource,
    `count((${pods}) unless on (pod) (${reserved(namespace, workload, resource)})) > 0`,
    `Nothing says how much ${resource} ${workload.name} may use`,
    `In {{ $value }} pods of ${workload.kind} ${namespace}/${workload.name} no container ${workload.container} has a ${resource} limit or request: ${useHighNames[resource]} cannot fire for them.`,
    { workload: workload.name },
  );
}

/** A container's limit, by pod. Without one, which many leave out for CPU, its request: it is what the node keeps for the container. */
function reserved(namespace: string, workload: Workload, resource: Resource): string {
  const most = (of: "limits" | "requests") =>
    `max by (pod) (kube_pod_container_resource_${of}{${container(namespace, workload)},resource="${resource.toLowerCase()}"})`;
  return `${most("limits")} or ${most("requests")}`;
}

const container = (namespace: string, { container }: Workload) => `namespace="${namespace}",container="${container}"`;

/** The autoscaler has its workload's name. */
function autoscalerAlerts(namespace: string, { name }: Workload): AlertFacts[] {
  const one = `namespace="${namespace}",horizontalpodautoscaler="${name}"`;
  const max = `max(kube_horizontalpodautoscaler_spec_max_replicas{${one}})`;
  const condition = (type: string, status: string) =>
    `max(kube_horizontalpodautoscaler_status_condition{${one},condition="${type}",status="${status}"}) == 1`;
  const common = { for: PEAK, severity: "warning" as const, labels: { workload: name } };
  return [
    {
      ...common,
      name: "AutoscalerMaxedOut",
      // ScalingLimited: it wants more pods. At its maximum by chance, or with min equal to max, there is no problem.
      expr:
        `max(kube_horizontalpodautoscaler_status_desired_replicas{${one}}) >= ${max}` +
        ` and ${max} > max(kube_horizontalpodautoscaler_spec_min_replicas{${one}})` +
        ` and ${condition("ScalingLimited", "true")}`,
      summary: `${name} would scale further, but may not`,
      description: `The autoscaler of ${namespace}/${name} has been at its most, {{ $value }} pods, for ${PEAK} and wants more.`,
    },
    {
      ...common,
      name: "AutoscalerInactive",
      expr: `${condition("ScalingActive", "false")} or ${gone(`kube_horizontalpodautoscaler_info{${one}}`)}`,
      summary: `${name} does not scale`,
      description: `The autoscaler of ${namespace}/${name} has had no metrics to act on for ${PEAK}, or does not exist.`,
    },
  ];
}
