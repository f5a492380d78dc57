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
  volumes?: readonly Volume[];
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
export type Volume = Readonly<Record<string, unknown>>;

/**
 * Runs one check. The policy pack passes a guard of its own: in a preview, reading a value that is not known yet throws,
 * and only the check that read it must be lost, not those after it.
 */
export type Guard = (check: () => Fault[]) => Fault[];

/** For values that are all there. */
export const unguarded: Guard = (check) => check();

/**
 * Faults of every container and init container.
 *
 * @param at path of the pod's specification
 * @param check told the container and its path, such as `spec.containers[name=app]`
 */
export function ofContainers(
  pod: PodSpec,
  at: string,
  guard: Guard,
  check: (container: Container, at: string) => Fault[],
): Fault[] {
  const lists = ["initContainers", "containers"] as const;
  return lists.flatMap((list) =>
    guard(() =>
      // By index: an element that is not known yet must not hide the others.
      Object.keys(pod[list] ?? []).flatMap((index) =>
        guard(() => {
          const container = pod[list]?.[Number(index)] ?? {};
          return check(container, `${at}.${list}[${nameOf(container, guard) ?? index}]`);
        }),
      ),
    ),
  );
}

function nameOf(container: Container, guard: Guard): string | undefined {
  let name: string | undefined;
  guard(() => {
    name = container.name === undefined ? undefined : `name=${container.name}`;
    return [];
  });
  return name;
}
