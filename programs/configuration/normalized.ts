import { without } from "../backup/jsonLines.ts";
import type { Kind, KubernetesObject } from "../kubernetes/api.ts";

/** What the API server and its controllers fill in: it means nothing in another cluster, or at another time. */
const filledIn = {
  metadata: [
    ...["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"],
    // They name their owner by uid: restored as they are, the garbage collector would delete the object at once.
    "ownerReferences",
  ],
  annotations: ["kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision"],
};

/** An object as another cluster can take it. */
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

/** A Service's address is the cluster's to give, unless the Service is to have none. */
function withoutAddress(spec: Record<string, unknown>): Record<string, unknown> {
  return spec.clusterIP === "None" ? spec : without(spec, ["clusterIP", "clusterIPs"]);
}

/** Every cluster puts this one into every namespace. */
export function isMade({ metadata: { name } }: KubernetesObject, { kind }: Kind): boolean {
  return kind === "ConfigMap" && name === "kube-root-ca.crt";
}
