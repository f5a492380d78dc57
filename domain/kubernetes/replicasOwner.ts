/** An entry of an object's `metadata.managedFields`, as the API gives it. */
export interface ManagedFields {
  manager?: string;
  /** `Apply` for server-side apply, which owns what it declares; `Update` for all others, which own what they changed or created. */
  operation?: string;
  /** Such as `scale`, if the field was written through it. */
  subresource?: string;
  /** A tree whose keys are `f:` and the fields' names. */
  fieldsV1?: object;
}

/** Who owns a workload's `spec.replicas`. */
export interface ReplicasOwner {
  manager: string;
  operation: string;
}

/**
 * Managers that may own `spec.replicas` besides an autoscaler: its controller, and the name under which Kubernetes' own documentation hands the
 * field over to it. Source: kubernetes.io/docs/reference/using-api/server-side-apply, "Transferring ownership".
 */
const harmless = ["kube-controller-manager", "horizontal-pod-autoscaler", "handover-to-hpa"];

/** These use client-side apply: an annotation has what they declare, and they also own the API's defaults. */
export const clientSide: readonly string[] = ["kubectl-client-side-apply", "argocd-controller"];

/**
 * The owners of `spec.replicas` that would undo what an autoscaler decides: all except those that write through the subresource `scale`, as
 * the autoscaler and `kubectl scale` do.
 *
 * A creator also owns the API's default. If nothing else is known, it counts as an owner: it looks the same as one that declares 1.
 *
 * @param lastApplied annotation `kubectl.kubernetes.io/last-applied-configuration`
 */
export function replicasOwners(managedFields: ManagedFields[], lastApplied?: string): ReplicasOwner[] {
  return managedFields
    .filter(({ fieldsV1 }) => ownsReplicas(fieldsV1))
    .filter(({ subresource }) => subresource !== "scale")
    .map(({ manager = "unknown", operation = "Update" }) => ({ manager, operation }))
    .filter(({ manager }) => !harmless.includes(manager))
    .filter(
      ({ manager, operation }) =>
        !(operation === "Update" && clientSide.includes(manager) && leavesReplicasOut(lastApplied)),
    );
}

function ownsReplicas(fields: object | undefined): boolean {
  const spec = (fields as Record<string, object> | undefined)?.["f:spec"];
  return spec !== undefined && "f:replicas" in spec;
}

function leavesReplicasOut(lastApplied: string | undefined): boolean {
  if (lastApplied === undefined) return false;
  try {
    return JSON.parse(lastApplied).spec?.replicas === undefined;
  } catch {
    return false;
  }
}
