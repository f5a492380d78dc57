import type { types } from "@pulumi/kubernetes";

/** An environment variable whose value only the kubelet reads. @param secret name of a Secret of the pod's namespace */
export function fromSecret(name: string, secret: string, key: string): types.input.core.v1.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
