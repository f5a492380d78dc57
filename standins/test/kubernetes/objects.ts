import type { KubernetesObject } from "./cluster.ts";

const container = { name: "main", image: "sandbox.upkeep.invalid/library/none:1" };

export function configMap(namespace: string, name: string, data: object, metadata: object = {}): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace, ...metadata }, data };
}

/** A CronJob is never waited for, and all of it may change in place. */
export function cronJob(namespace: string, name: string, spec: object = {}, metadata: object = {}): KubernetesObject {
  const jobTemplate = { spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } } };
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name, namespace, ...metadata },
    spec: { schedule: "0 2 * * *", jobTemplate, ...spec },
  };
}

/** A Job whose pods stay pending: there is no node. */
export function job(namespace: string, name: string, spec: object = {}): KubernetesObject {
  const template = { spec: { restartPolicy: "Never", containers: [container] } };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name, namespace }, spec: { template, ...spec } };
}

export function pod(namespace: string, name: string): KubernetesObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, spec: { containers: [container] } };
}

export function roleBinding(namespace: string, name: string, role: string): KubernetesObject {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { name, namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ kind: "ServiceAccount", name: "default", namespace }],
  };
}
