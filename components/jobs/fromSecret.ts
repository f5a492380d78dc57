import type { types } from "@pulumi/kubernetes";

/** An environment variable that the kubelet sets from a Secret. @param secret its name, in the pod's namespace */
export function fromSecret(name: string, secret: string, key: string): types.input.core.v1.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
