import type { Attempt } from "../values/attempt.ts";
import type { Fault } from "../values/fault.ts";

/**
 * The part of a Kubernetes pod's specification (PodSpec of core/v1) that the rules read. Structural, so that a manifest, a
 * component's arguments and what the engine hands to a policy all fit.
 */
export interface PodSpec {
  containers?: readonly Container[];
  initContainers?: readonly Container[];
  restartPolicy?: string;
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  securityContext?: PodSecurityContext;
  resources?: Resources;
  volumes?: readonly PodVolume[];
}

export interface Container {
  name?: string;
  image?: string;
  securityContext?: ContainerSecurityContext;
  resources?: Resources;
  ports?: readonly { hostPort?: number }[];
  livenessProbe?: Handler;
  readinessProbe?: Handler;
  startupProbe?: Handler;
  lifecycle?: { postStart?: Handler; preStop?: Handler };
}

/** What a probe or a lifecycle hook does. */
export interface Handler {
  httpGet?: { host?: string };
  tcpSocket?: { host?: string };
}

/** The fields that a pod and a container both have; the container's wins. */
export interface SharedSecurityContext {
  runAsNonRoot?: boolean;
  runAsUser?: number;
  seccompProfile?: { type?: string };
  appArmorProfile?: { type?: string };
  seLinuxOptions?: { type?: string; user?: string; role?: string };
  windowsOptions?: { hostProcess?: boolean };
}

export interface PodSecurityContext extends SharedSecurityContext {
  sysctls?: readonly { name?: string }[];
}

export interface ContainerSecurityContext extends SharedSecurityContext {
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  readOnlyRootFilesystem?: boolean;
  procMount?: string;
  capabilities?: { add?: readonly string[]; drop?: readonly string[] };
}

export interface Resources {
  requests?: Readonly<Record<string, string>>;
  limits?: Readonly<Record<string, string>>;
}

/** A name and one key that says the volume's type. */
export type PodVolume = Readonly<Record<string, unknown>>;

/**
 * Faults of every container and init container.
 *
 * @param at path of the pod's specification
 * @param check told the container and its path, such as `spec.containers[name=app]`
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
      // By index: an element that is not known yet must not hide the others.
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
    name = container.name === undefined ? undefined : `name=${container.name}`;
    return [];
  });
  return name;
}
