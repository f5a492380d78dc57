/**
 * The kinds of objects that configure a service, and where the Kubernetes API serves each. Secrets are not among them: their
 * store is their backup, and an export in clear text is a leak.
 */
export const configurationKinds = {
  ConfigMap: { apiVersion: "v1", resource: "configmaps" },
  Deployment: { apiVersion: "apps/v1", resource: "deployments" },
  StatefulSet: { apiVersion: "apps/v1", resource: "statefulsets" },
  DaemonSet: { apiVersion: "apps/v1", resource: "daemonsets" },
  Service: { apiVersion: "v1", resource: "services" },
} as const;

export type ConfigurationKind = keyof typeof configurationKinds;
