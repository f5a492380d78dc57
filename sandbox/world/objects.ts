import type {
  V1ConfigMap,
  V1Container,
  V1Namespace,
  V1PodSpec,
  V1Secret,
  V1Service,
  V1ServiceAccount,
} from "@kubernetes/client-node";

/** On everything that is here before the program, and only on that. */
export const label = { "app.kubernetes.io/managed-by": "upkeep-sandbox" };

/** What a pod needs so that pod security "restricted" admits it. It writes to its volumes alone, as this numeric user. */
export function restrictedPod(user: number, pod: Omit<V1PodSpec, "securityContext">): V1PodSpec {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 5,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...pod,
    containers: pod.containers.map(
      (container): V1Container => ({
        resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "256Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
        },
        ...container,
      }),
    ),
  };
}

/**
 * A namespace and its default service account. A controller would make that in its own time, and until then the API
 * refuses every pod there.
 */
export function namespace(name: string): [V1Namespace, V1ServiceAccount] {
  const labels = { ...label, "pod-security.kubernetes.io/enforce": "restricted" };
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace: name, name: "default", labels: label } },
  ];
}

export function configMap(namespace: string, name: string, data: Record<string, string>): V1ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name, labels: label }, data };
}

export function secret(namespace: string, name: string, values: Record<string, string>): V1Secret {
  const entries = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace, name, labels: label },
    type: "Opaque",
    data: Object.fromEntries(entries),
  };
}

/** @param app value of the label `app` of the pods behind it */
export function service(namespace: string, name: string, app: string, port: number, targetPort = port): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { namespace, name, labels: { ...label, app } },
    spec: { selector: { app }, ports: [{ name: "main", port, targetPort, protocol: "TCP" }] },
  };
}
