import type { V1Pod, V1Probe } from "@kubernetes/client-node";
import type { Sandbox } from "../support/sandbox.ts";

export interface Throwaway {
  namespace: string;
  name: string;
  image: string;
  command: string[];
  /** Numeric user of the image. */
  user: number;
  ready: V1Probe;
}

/** A pod that is there while `use` runs, with an empty folder /scratch. @param use receives its address */
export async function withPod<T>(
  sandbox: Sandbox,
  { namespace, name, image, command, user, ready }: Throwaway,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const pod: V1Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        fsGroup: user,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "main",
          image,
          command,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          readinessProbe: { periodSeconds: 1, ...ready },
          volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
        },
      ],
      volumes: [{ name: "scratch", emptyDir: {} }],
    },
  };
  const inNamespace = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);
  await inNamespace("delete", "pod", name, "--ignore-not-found");
  await sandbox.run("kubectl", ["create", "--filename=-"], JSON.stringify(pod));
  try {
    await inNamespace("wait", `pod/${name}`, "--for=condition=Ready", "--timeout=180s");
    return await use(await inNamespace("get", "pod", name, "--output=jsonpath={.status.podIP}"));
  } finally {
    await inNamespace("delete", "pod", name, "--wait=false");
  }
}
