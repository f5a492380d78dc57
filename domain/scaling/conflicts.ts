import type { V1LabelSelector } from "@kubernetes/client-node";
import type { Service } from "../declaration/service.ts";
import type { Workload } from "../declaration/workload.ts";
import { selects } from "../kubernetes/labelSelector.ts";
import { clientSide, type ReplicasOwner } from "../kubernetes/replicasOwner.ts";
import type { Fault } from "../values/fault.ts";

/** Existing objects in a service's namespace. */
export interface Existing {
  workloads: ExistingWorkload[];
  autoscalers: ExistingAutoscaler[];
  budgets: ExistingBudget[];
}

export interface ExistingWorkload {
  kind: Workload["kind"];
  name: string;
  /** Labels of its pod template. */
  pods: Record<string, string>;
  /** `spec.replicas`; 0 for a DaemonSet, which has none. */
  replicas: number;
  /** Field managers that own `spec.replicas` and would undo the autoscaler's changes. */
  replicasOwners: ReplicasOwner[];
}

interface Named {
  name: string;
  labels: Record<string, string>;
}

export interface ExistingAutoscaler extends Named {
  target: { kind: string; name: string };
}

export interface ExistingBudget extends Named {
  /** Undefined if it selects nothing. */
  selector: V1LabelSelector | undefined;
}

/** The most workloads that a message lists. */
const NAMES_SHOWN = 10;

/**
 * Conflicts between a service's declaration and what the cluster has, and declared workloads that it lacks. Only template labels
 * are known: a budget that selects by a label which controllers add to pods, such as `pod-template-hash`, is not seen.
 *
 * @param service as it is in the environment
 * @param existing what is in the service's namespace
 */
export function conflicts(service: Service, existing: Existing): Fault[] {
  return service.workloads.flatMap((workload) => {
    const found = existing.workloads.find(({ kind, name }) => kind === workload.kind && name === workload.name);
    if (!found) return [missing(service, workload, existing)];
    return [
      ...(workload.autoscale
        ? [...otherAutoscalers(service, workload, existing), ...otherOwners(service, workload, found)]
        : []),
      ...(workload.maxUnavailable
        ? [...strayLabels(service, workload, found, existing), ...otherBudgets(service, workload, found, existing)]
        : []),
    ];
  });
}

/** Fault for a cluster that did not answer. @param reason in a form that follows a colon */
export function unanswered(context: string, reason: string): Fault {
  return {
    code: "cluster-not-answering",
    path: `the answer of the cluster of context "${context}"`,
    got: `missing: ${reason}`,
    allowed:
      "lists of its workloads, autoscalers and disruption budgets: without them an up could conflict with existing objects",
    fix: "correct upkeep:kubernetes, connect, or grant what docs/autoscaling.md lists; then run up again",
  };
}

function pathOf({ name: service }: Service, { name }: Workload): string {
  return `service "${service}" workloads "${name}"`;
}

function missing(service: Service, workload: Workload, { workloads }: Existing): Fault {
  const { namespace } = service;
  const names = workloads.map(({ kind, name }) => `${kind} ${name}`).sort();
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : "";
  return {
    code: "missing-workload",
    path: pathOf(service, workload),
    got: `a ${workload.kind} that namespace ${namespace} does not have`,
    allowed:
      names.length > 0 ? `what it has: ${names.slice(0, NAMES_SHOWN).join(", ")}${more}` : "nothing: it has none",
    fix: "correct its kind or name in the declaration or the namespace in upkeep:differs.namespaces, or deploy the service first",
  };
}

/** Upkeep's objects have the workload's name and a label: one with only the name belongs to someone else. */
function isOurs({ name, labels }: Named, workload: Workload): boolean {
  return name === workload.name && labels["app.kubernetes.io/managed-by"] === "upkeep";
}

function maker({ labels }: Named): string {
  const manager = labels["app.kubernetes.io/managed-by"];
  return manager === undefined ? "" : `, managed by ${manager}`;
}

function otherAutoscalers(service: Service, workload: Workload, { autoscalers }: Existing): Fault[] {
  const { namespace } = service;
  return (
    autoscalers
      .filter((one) => !isOurs(one, workload))
      // The reference's version does not matter: the controller finds the object by kind and name.
      .filter(({ name, target }) => {
        return name === workload.name || (target.kind === workload.kind && target.name === workload.name);
      })
      .map((one) => ({
        path: `${pathOf(service, workload)}.autoscale`,
        ...(one.target.name === workload.name
          ? {
              code: "workload-scaled-already",
              got: `that of a workload which HorizontalPodAutoscaler ${namespace}/${one.name} scales${maker(one)}`,
            }
          : {
              code: "autoscaler-name-taken",
              got: `to have a name that HorizontalPodAutoscaler ${namespace}/${one.name} has${maker(one)}`,
            }),
        allowed: "a workload without another autoscaler: two undo each other",
        fix: `remove it where it is declared (kubectl --namespace ${namespace} delete ${declaredAs(one)}), or remove autoscale`,
      }))
  );
}

/** What has to be deleted for an autoscaler to stay away: KEDA makes its own again. Source: keda.sh, "Scaling Deployments". */
function declaredAs({ name, labels }: Named): string {
  const scaledObject = labels["scaledobject.keda.sh/name"];
  return scaledObject === undefined ? `horizontalpodautoscaler ${name}` : `scaledobject ${scaledObject}`;
}

function otherBudgets(
  service: Service,
  workload: Workload,
  { pods }: ExistingWorkload,
  { budgets }: Existing,
): Fault[] {
  const { namespace } = service;
  return budgets
    .filter((one) => !isOurs(one, workload))
    .filter(({ name, selector }) => name === workload.name || selects(selector, pods))
    .map((one) => ({
      path: `${pathOf(service, workload)}.maxUnavailable`,
      ...(selects(one.selector, pods)
        ? {
            code: "pods-budgeted-already",
            got: `that of pods which PodDisruptionBudget ${namespace}/${one.name} selects${maker(one)}`,
          }
        : {
            code: "budget-name-taken",
            got: `to have a name that PodDisruptionBudget ${namespace}/${one.name} has${maker(one)}`,
          }),
      allowed: "pods without another budget: a pod with two is never evicted, so its node is never drained",
      fix: `remove it where it is declared (kubectl --namespace ${namespace} delete poddisruptionbudget ${one.name}), or remove maxUnavailable`,
    }));
}

function strayLabels(service: Service, workload: Workload, found: ExistingWorkload, { workloads }: Existing): Fault[] {
  const matchLabels = workload.pods ?? {};
  const path = `${pathOf(service, workload)}.pods`;
  if (!selects({ matchLabels }, found.pods)) {
    return [
      {
        code: "pod-labels-wrong",
        path,
        got: written(matchLabels),
        allowed: `labels of its pods, which are ${written(found.pods)}`,
        fix: "declare those that its pods alone carry",
      },
    ];
  }
  return workloads
    .filter((other) => other !== found && selects({ matchLabels }, other.pods))
    .map(({ kind, name }) => ({
      code: "pod-labels-shared",
      path,
      got: `${written(matchLabels)}, which selects the pods of ${kind} ${service.namespace}/${name} too`,
      allowed: "labels that select its pods and no others: the budget would count both",
      fix: `add one that its own pods alone carry; they have ${written(found.pods)}`,
    }));
}

function written(labels: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.join(",") || "no label";
}

function otherOwners({ name, namespace }: Service, workload: Workload, found: ExistingWorkload): Fault[] {
  return found.replicasOwners.map((owner) => ({
    code: "replicas-owned",
    path: `service "${name}" workloads "${workload.name}".autoscale`,
    got: `that of a workload whose spec.replicas (${found.replicas}) the field manager "${owner.manager}" owns by ${owner.operation}`,
    allowed: "no owner but the autoscaler: what it decides would be undone at that manager's next write",
    fix: release(owner, found, namespace),
  }));
}

/** How the owner gives up the field without stopping a pod: see docs/autoscaling.md. */
function release({ manager, operation }: ReplicasOwner, found: ExistingWorkload, namespace: string): string {
  const object = `${found.kind.toLowerCase()}/${found.name}`;
  if (operation === "Apply") {
    const handedOver = {
      apiVersion: "apps/v1",
      kind: found.kind,
      metadata: { name: found.name, namespace },
      spec: { replicas: found.replicas },
    };
    return `run echo '${JSON.stringify(handedOver)}' | kubectl apply --server-side --field-manager=handover-to-hpa --validate=false -f -, then remove replicas from what "${manager}" applies, and let it apply`;
  }
  if (clientSide.includes(manager)) {
    return `run kubectl --namespace ${namespace} apply edit-last-applied ${object} and remove spec.replicas there, then in the manifest that "${manager}" applies`;
  }
  // A write through the subresource takes the field from its last writer, but only if the value changes.
  const taken = `run kubectl --namespace ${namespace} scale ${object} --replicas=${found.replicas + 1}`;
  if (manager === "helm") {
    return `remove replicas from the chart (many do with autoscaling.enabled=true, or replicaCount=null), upgrade the release, then ${taken}`;
  }
  return `remove replicas from what "${manager}" writes, then ${taken}`;
}
