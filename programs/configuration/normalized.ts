import { without } from "../backup/jsonLines.ts";
import type { Kind, KubernetesObject } from "../kubernetes/api.ts";

/** Fields that the API server and its controllers set: they are meaningless in another cluster, or at another time. */
const filledIn = {
  metadata: [
    ...["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"],
    // They name their owner by uid: restored as they are, the garbage collector would delete the object at once.
    "ownerReferences",
  ],
  annotations: ["kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"],
};

/** An object in a form that another cluster accepts. */
export function normalized({ kind, apiVersion }: Kind, { status: _, ...object }: KubernetesObject): KubernetesObject {
  const { annotations: given, ...metadata } = without(object.metadata as Record<string, unknown>, filledIn.metadata);
  const annotations = without((given ?? {}) as Record<string, string>, filledIn.annotations);
  return {
    ...object,
    apiVersion,
    kind,
    metadata: {
      ...(metadata as KubernetesObject["metadata"]),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    ...(kind === "Service" && object.spec ? { spec: withoutAddress(object.spec as Record<string, unknown>) } : {}),
  };
}

/** The cluster assigns a Service's address, except for a headless Service. */
function withoutAddress(spec: Record<string, unknown>): Record<string, unknown> {
  return spec.clusterIP === "None" ? spec : without(spec, ["clusterIP", "clusterIPs"]);
}

/**
 * Whether a cluster or a deployment of Upkeep creates it anyway. A copy of Upkeep's own in another namespace would be a second dashboard of
 * the same uid, and have log alerts evaluated twice.
 */
export function isMade({ metadata: { name, labels } }: KubernetesObject, { kind }: Kind): boolean {
  return (kind === "ConfigMap" && name === "kube-root-ca.crt") || labels?.["app.kubernetes.io/managed-by"] === "upkeep";
}
