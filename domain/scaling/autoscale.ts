import type { Service } from "../declaration/service.ts";
import type { Autoscale, Workload } from "../declaration/workload.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { workloadKinds } from "../kubernetes/workloadKinds.ts";
import { repeated } from "../values/duplicates.ts";
import type { Fault } from "../values/fault.ts";

const SCALABLE = Object.entries(workloadKinds)
  .flatMap(([kind, { onEachNode }]) => (onEachNode ? [] : [`a ${kind}`]))
  .join(" or ");

/** Whether Upkeep scales a workload or protects it in drains. */
export function isKept({ autoscale, maxUnavailable }: Workload): boolean {
  return autoscale !== undefined || maxUnavailable !== undefined;
}

/** The CPU utilization that the autoscaler targets, in percent of the pods' requests. */
export function utilization({ cpu }: Autoscale): number {
  return Number.parseInt(cpu.value, 10);
}

/** Faults of a service's autoscalers and disruption budgets; empty if all are valid. */
export function autoscaleFaults(
  service: Pick<Service, "workloads">,
  environment: EnvironmentPart<"name" | "features.metricsServer">,
): Fault[] {
  const kept = service.workloads.filter(isKept);
  return [
    ...missingMetrics(kept, environment),
    ...kept.flatMap((workload) => [...boundFaults(workload), ...budgetFaults(workload)]),
    ...repeated(kept.map(({ name }) => name)).map((name) => ({
      code: "workload-kept-twice",
      path: "workloads",
      got: `with "${name}" twice, both with autoscale or maxUnavailable`,
      allowed: "each such name once: the autoscaler and the budget are named as their workload",
      fix: "remove both from one of the two",
    })),
  ];
}

function missingMetrics(
  workloads: Workload[],
  { name, features }: EnvironmentPart<"name" | "features.metricsServer">,
): Fault[] {
  const names = workloads.filter(({ autoscale }) => autoscale).map((workload) => workload.name);
  if (features.metricsServer || names.length === 0) return [];
  return [
    {
      code: "missing-metrics-api",
      path: `upkeep:features.metricsServer in Pulumi.${name}.yaml`,
      got: "false",
      allowed: `true if a workload is autoscaled (${names.join(", ")}): without the metrics API no autoscaler acts`,
      fix: `install metrics-server and run pulumi config set --path upkeep:features.metricsServer true --stack ${name}, or remove autoscale`,
    },
  ];
}

function boundFaults({ kind, name, autoscale }: Workload): Fault[] {
  if (!autoscale) return [];
  const path = `workloads "${name}".autoscale`;
  const faults: Fault[] = [];
  if (workloadKinds[kind].onEachNode) {
    faults.push({
      code: "daemonset-autoscaled",
      path,
      got: `that of a ${kind}`,
      allowed: `${SCALABLE}: a ${kind} has one pod on each node`,
      fix: "remove autoscale, or correct the kind",
    });
  }
  const { min, max } = autoscale;
  if (max.value < min.value) {
    faults.push({
      code: "autoscale-max-invalid",
      path: `${path}.max`,
      got: String(max.value),
      allowed: `a whole number, ${min.value} (its min) or more`,
      fix: "raise it, or lower min, in the declaration, or for one environment in upkeep:differs.autoscale",
    });
  }
  return faults;
}

function budgetFaults({ kind, name, pods, autoscale, maxUnavailable }: Workload): Fault[] {
  if (!maxUnavailable) return [];
  const path = `workloads "${name}".maxUnavailable`;
  const faults: Fault[] = [];
  if (workloadKinds[kind].onEachNode) {
    faults.push({
      code: "daemonset-budgeted",
      path,
      got: `that of a ${kind}`,
      allowed: `${SCALABLE}: a drain ignores a ${kind}'s pods`,
      fix: "remove maxUnavailable, or correct the kind",
    });
  }
  if (Object.keys(pods ?? {}).length === 0) {
    faults.push({
      code: "budget-without-pods",
      path: `workloads "${name}".pods`,
      got: undefined,
      allowed: "labels that select its pods and no others, where maxUnavailable is set",
      fix: `add for example pods: { app: "${name}" }`,
    });
  }
  const { value } = maxUnavailable;
  if (autoscale && value >= autoscale.min.value) {
    faults.push({
      code: "budget-takes-every-pod",
      path,
      got: String(value),
      allowed: `less than autoscale.min, which is ${autoscale.min.value}: otherwise one drain may stop every pod`,
      fix: "raise min in the declaration, or for one environment in upkeep:differs.autoscale",
    });
  }
  return faults;
}
