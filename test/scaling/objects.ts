import type { KubernetesObject } from "../../standins/test/kubernetes/cluster.ts";

/** What a team has before it adopts the program. Its pods stay pending: there is no node. */
export function deploymentOf(namespace: string, spec: object = {}, name = "web"): KubernetesObject {
  const labels = { app: name };
  const container = { name, image: "sandbox.upkeep.invalid/library/none:1", resources: { requests: { cpu: "10m" } } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
      ...spec,
    },
  };
}

/** A chart's autoscaler of `web`. */
export function autoscalerOf(namespace: string, name: string): KubernetesObject {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name, namespace, labels: { "app.kubernetes.io/managed-by": "Helm" } },
    spec: { scaleTargetRef, minReplicas: 1, maxReplicas: 3 },
  };
}

/** A budget for the pods of `web`, and of others. */
export function budgetOf(namespace: string, name: string): KubernetesObject {
  const selector = { matchExpressions: [{ key: "app", operator: "In", values: ["web", "api"] }] };
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace },
    spec: { minAvailable: 1, selector },
  };
}
