import type { V1Container, V1PodSpec, V1Volume } from "@kubernetes/client-node";
import type { Attempt } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";
import type { Shape } from "../values/shape.ts";
import type { Written } from "./written.ts";

/** A pod's specification (PodSpec of core/v1), from a manifest, a component's arguments or the engine. */
export type PodSpec = Written<V1PodSpec>;
export type Container = Written<V1Container>;
export type PodVolume = Written<V1Volume>;

export type PodSecurityContext = NonNullable<PodSpec["securityContext"]>;
export type ContainerSecurityContext = NonNullable<Container["securityContext"]>;
const handler: Shape = { httpGet: { host: "text" }, tcpSocket: { host: "text" } };

const securityContext = {
  runAsNonRoot: "boolean",
  runAsUser: "number",
  seccompProfile: { type: "text" },
  appArmorProfile: { type: "text" },
  seLinuxOptions: { type: "text", user: "text", role: "text" },
  windowsOptions: { hostProcess: "boolean" },
} as const;

const resources: Shape = { requests: { "*": "quantity" }, limits: { "*": "quantity" } };

const containerShape: Shape = {
  name: "text",
  image: "text",
  command: ["text"],
  args: ["text"],
  resources,
  ports: [{ hostPort: "number" }],
  livenessProbe: handler,
  readinessProbe: handler,
  startupProbe: handler,
  lifecycle: { postStart: handler, preStop: handler },
  securityContext: {
    ...securityContext,
    privileged: "boolean",
    allowPrivilegeEscalation: "boolean",
    readOnlyRootFilesystem: "boolean",
    procMount: "text",
    capabilities: { add: ["text"], drop: ["text"] },
  },
};

/** The fields of a pod's specification that checks read. */
export const podShape: Shape = {
  restartPolicy: "text",
  serviceAccountName: "text",
  automountServiceAccountToken: "boolean",
  hostNetwork: "boolean",
  hostPID: "boolean",
  hostIPC: "boolean",
  resources,
  securityContext: { ...securityContext, sysctls: [{ name: "text" }] },
  initContainers: [containerShape],
  containers: [containerShape],
  volumes: [
    {
      name: "text",
      emptyDir: { sizeLimit: "quantity" },
      ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "quantity" } } } } },
    },
  ],
};

/** The fields that a pod and a container both have; the container's wins. */
export type SharedSecurityContext = Pick<
  ContainerSecurityContext,
  keyof ContainerSecurityContext & keyof PodSecurityContext
>;

/**
 * Faults of every container and init container.
 *
 * @param at path of the pod's specification
 * @param check called with the container and its path, such as `spec.containers[name=app]`
 */
export function ofContainers(
  pod: PodSpec,
  at: string,
  attempt: Attempt,
  check: (container: Container, at: string) => Fault[],
): Fault[] {
  const lists = ["initContainers", "containers"] as const;
  return lists.flatMap((list) =>
    attempt(() =>
      // By index, so that an unknown element does not hide the others.
      Object.keys(pod[list] ?? []).flatMap((index) =>
        attempt(() => {
          const container = pod[list]?.[Number(index)] ?? {};
          return check(container, `${at}.${list}[${nameOf(container, attempt) ?? index}]`);
        }),
      ),
    ),
  );
}

function nameOf(container: Container, attempt: Attempt): string | undefined {
  let name: string | undefined;
  attempt(() => {
    // A path is printed: only what a container may be called, because any other text may be a secret.
    if (container.name !== undefined && /^[a-z0-9-]{0,63}$/.test(container.name)) name = `name=${container.name}`;
    return [];
  });
  return name;
}
