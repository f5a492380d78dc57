import { kubectl } from "../../../sandbox/parts/kubectl.ts";
import type { Settings } from "../../../sandbox/settings.ts";

/** A namespace in which only pods are admitted that keep to the standard "restricted". */
export async function strictNamespace(settings: Settings, name: string): Promise<void> {
  await kubectl(settings, ["create", "namespace", name]);
  await kubectl(settings, ["label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted"]);
}

/** A pod's specification that keeps to it, as the program's own jobs do. */
export function strictPod(image: string, command: string[]): object {
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, seccompProfile: { type: "RuntimeDefault" } },
    volumes: [{ name: "scratch", emptyDir: { sizeLimit: "64Mi" } }],
    containers: [
      {
        name: "main",
        image,
        command,
        volumeMounts: [{ name: "scratch", mountPath: "/scratch" }],
        resources: { limits: { memory: "128Mi" }, requests: { memory: "32Mi", cpu: "10m" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
  };
}

export async function create(settings: Settings, ...items: object[]): Promise<void> {
  await kubectl(settings, ["create", "--filename=-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}
