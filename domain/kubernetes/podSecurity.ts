import { type Attempt, runCheck } from "../values/attempt.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { type Container, ofContainers, type PodSpec, type SharedSecurityContext } from "./podSpec.ts";

/** A check of a pod as a whole; `at` is the path of its specification. */
export type PodCheck = (pod: PodSpec, at: string) => Fault[];
/** A check of one container; `at` is the container's path. */
export type ContainerCheck = (container: Container, at: string, pod: PodSpec) => Fault[];

/**
 * The Pod Security Standard "restricted" for Linux pods as of Kubernetes 1.36, checked as the API server's admission does
 * (kubernetes.io/docs/concepts/security/pod-security-standards), so that a preview shows what the cluster would refuse.
 */
export const restricted: { pod: PodCheck[]; container: ContainerCheck[] } = {
  pod: [
    (pod, at) => refuseTrue(pod.hostNetwork, { code: "host-namespace-shared", path: `${at}.hostNetwork` }),
    (pod, at) => refuseTrue(pod.hostPID, { code: "host-namespace-shared", path: `${at}.hostPID` }),
    (pod, at) => refuseTrue(pod.hostIPC, { code: "host-namespace-shared", path: `${at}.hostIPC` }),
    volumeTypes,
    sysctls,
    (pod, at) => profiles(pod.securityContext, at),
    (pod, at) =>
      refuse(pod.securityContext?.runAsNonRoot, false, "true", {
        code: "may-run-as-root",
        path: `${at}.securityContext.runAsNonRoot`,
      }),
    (pod, at) => rootUser(pod.securityContext, at),
  ],
  container: [
    (container, at) => profiles(container.securityContext, at),
    (container, at) => rootUser(container.securityContext, at),
    privileged,
    procMount,
    privilegeEscalation,
    addedCapabilities,
    droppedCapabilities,
    nonRoot,
    seccompProfile,
    hostPorts,
    handlerHosts,
  ],
};

/** Runs checks over a pod and each of its containers, init containers included. */
export function checkPod(
  pod: PodSpec,
  at: string,
  checks: { pod: PodCheck[]; container: ContainerCheck[] },
  attempt: Attempt = runCheck,
): Fault[] {
  return [
    ...checks.pod.flatMap((check) => attempt(() => check(pod, at))),
    ...ofContainers(pod, at, attempt, (container, path) =>
      checks.container.flatMap((check) => attempt(() => check(container, path, pod))),
    ),
  ];
}

/** Which fault a check finds, and where. */
type Kind = Pick<Fault, "code" | "path">;

/** A fault unless the value is the one allowed. */
export function mustBe(value: boolean | undefined, allowed: boolean, kind: Kind): Fault[] {
  return value === allowed
    ? []
    : [{ ...kind, got: redacted(value), allowed: `${allowed}`, fix: `set it to ${allowed}` }];
}

function refuse<T>(value: T | undefined, refused: T, allowed: string, kind: Kind): Fault[] {
  return value === refused ? [{ ...kind, got: redacted(value), allowed, fix: `remove it or make it ${allowed}` }] : [];
}

function refuseTrue(value: boolean | undefined, kind: Kind): Fault[] {
  return refuse(value, true, "false", kind);
}

/** A fault where a value is set to something else. */
function oneOf(value: string | undefined, allowed: readonly string[], kind: Kind): Fault[] {
  if (value === undefined || allowed.includes(value)) return [];
  const words = allowed.map((word) => (word === "" ? "nothing" : word)).join(", ");
  return [{ ...kind, got: redacted(value), allowed: words, fix: "remove it or choose an allowed value" }];
}

const seccompTypes = ["RuntimeDefault", "Localhost"];
const seLinuxTypes = ["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

function profiles(context: SharedSecurityContext | undefined, owner: string): Fault[] {
  const { seccompProfile, appArmorProfile, seLinuxOptions, windowsOptions } = context ?? {};
  const at = `${owner}.securityContext`;
  const seccomp = { code: "seccomp-profile-refused", path: `${at}.seccompProfile.type` };
  const appArmor = { code: "apparmor-profile-refused", path: `${at}.appArmorProfile.type` };
  const seLinux = (field: string) => ({ code: "selinux-option-refused", path: `${at}.seLinuxOptions.${field}` });
  const windows = { code: "windows-host-process", path: `${at}.windowsOptions.hostProcess` };
  return [
    ...oneOf(seccompProfile?.type, seccompTypes, seccomp),
    ...oneOf(appArmorProfile?.type, ["RuntimeDefault", "Localhost"], appArmor),
    ...oneOf(seLinuxOptions?.type, seLinuxTypes, seLinux("type")),
    ...oneOf(seLinuxOptions?.user, [""], seLinux("user")),
    ...oneOf(seLinuxOptions?.role, [""], seLinux("role")),
    ...refuseTrue(windowsOptions?.hostProcess, windows),
  ];
}

/** Annotations by which AppArmor was set before its fields; the API server still copies them there. Standard: "AppArmor". */
const APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

/** Faults of a pod's annotations. @param at path of the annotations, such as `spec.template.metadata.annotations` */
export function appArmorFaults(annotations: Readonly<Record<string, string>>, at: string): Fault[] {
  return Object.keys(annotations)
    .filter((name) => name.startsWith(APP_ARMOR))
    .flatMap((name) => {
      const profile = annotations[name] ?? "";
      if (["", "runtime/default"].includes(profile) || profile.startsWith("localhost/")) return [];
      const container = name.slice(APP_ARMOR.length);
      return [
        {
          code: "apparmor-profile-refused",
          path: `${at}["${APP_ARMOR}${/^[a-z0-9-]{1,63}$/.test(container) ? container : "*"}"]`,
          got: redacted(profile),
          allowed: "runtime/default, localhost/<profile>",
          fix: "remove it or choose an allowed value",
        },
      ];
    });
}

function rootUser(context: SharedSecurityContext | undefined, at: string): Fault[] {
  return refuse(context?.runAsUser, 0, "above 0", { code: "runs-as-root", path: `${at}.securityContext.runAsUser` });
}

function privileged({ securityContext }: Container, at: string): Fault[] {
  const path = `${at}.securityContext.privileged`;
  return refuseTrue(securityContext?.privileged, { code: "container-privileged", path });
}

function procMount({ securityContext }: Container, at: string): Fault[] {
  const path = `${at}.securityContext.procMount`;
  return oneOf(securityContext?.procMount, ["Default"], { code: "proc-unmasked", path });
}

const volumeSources = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

function volumeTypes(pod: PodSpec, at: string): Fault[] {
  return (pod.volumes ?? []).flatMap((volume, index) =>
    Object.keys(volume)
      .filter((key) => key !== "name" && !volumeSources.includes(key))
      .map((source) => ({
        code: "volume-type-refused",
        path: `${at}.volumes[${index}].${source}`,
        got: "set",
        allowed: volumeSources.join(", "),
        fix: "use emptyDir for scratch space, a persistentVolumeClaim for what must stay",
      })),
  );
}

const safeSysctls = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

function sysctls(pod: PodSpec, at: string): Fault[] {
  return (pod.securityContext?.sysctls ?? []).flatMap(({ name }, index) => {
    const path = `${at}.securityContext.sysctls[${index}].name`;
    const allowed = 'the sysctls that "restricted" calls safe';
    return safeSysctls.includes(name ?? "")
      ? []
      : [{ code: "sysctl-unsafe", path, got: redacted(name), allowed, fix: "remove it" }];
  });
}

function privilegeEscalation(container: Container, at: string, pod: PodSpec): Fault[] {
  const path = `${at}.securityContext.allowPrivilegeEscalation`;
  const { allowPrivilegeEscalation } = container.securityContext ?? {};
  return mustBe(allowPrivilegeEscalation, false, { code: "privilege-escalation", path }).map((fault) =>
    hasNothingToGain(container, pod) ? { ...fault, remedy: false } : fault,
  );
}

/** Whether no program in the container can gain a capability, neither by a file's own nor as root. */
function hasNothingToGain({ securityContext = {} }: Container, pod: PodSpec): boolean {
  const { privileged, capabilities, runAsNonRoot = pod.securityContext?.runAsNonRoot } = securityContext;
  const { add = [], drop = [] } = capabilities ?? {};
  return privileged !== true && runAsNonRoot === true && add.length === 0 && drop.includes("ALL");
}

function addedCapabilities(container: Container, at: string): Fault[] {
  const added = container.securityContext?.capabilities?.add ?? [];
  return added
    .filter((capability) => capability !== "NET_BIND_SERVICE")
    .map((capability) => ({
      code: "capability-added",
      path: `${at}.securityContext.capabilities.add`,
      got: redacted(capability),
      allowed: "none, or NET_BIND_SERVICE",
      fix: "remove it",
    }));
}

function droppedCapabilities(container: Container, at: string): Fault[] {
  const dropped = container.securityContext?.capabilities?.drop ?? [];
  if (dropped.includes("ALL")) return [];
  const got = dropped.length === 0 ? undefined : `a list of ${dropped.length} without ALL`;
  return [
    {
      code: "capabilities-kept",
      path: `${at}.securityContext.capabilities.drop`,
      got,
      allowed: '["ALL"]',
      fix: 'set it to ["ALL"]',
    },
  ];
}

function nonRoot(container: Container, at: string, pod: PodSpec): Fault[] {
  const value = container.securityContext?.runAsNonRoot ?? pod.securityContext?.runAsNonRoot;
  return mustBe(value, true, { code: "may-run-as-root", path: `${at}.securityContext.runAsNonRoot` });
}

function seccompProfile(container: Container, at: string, pod: PodSpec): Fault[] {
  const type = container.securityContext?.seccompProfile?.type ?? pod.securityContext?.seccompProfile?.type;
  if (type !== undefined) return [];
  const path = `${at}.securityContext.seccompProfile.type`;
  return [
    {
      code: "missing-seccomp-profile",
      path,
      got: undefined,
      allowed: seccompTypes.join(", "),
      fix: "set it to RuntimeDefault here or on the pod",
    },
  ];
}

function hostPorts(container: Container, at: string): Fault[] {
  return (container.ports ?? []).flatMap(({ hostPort = 0 }, index) => {
    const path = `${at}.ports[${index}].hostPort`;
    return hostPort === 0
      ? []
      : [{ code: "host-port", path, got: redacted(hostPort), allowed: "none", fix: "remove it" }];
  });
}

function handlerHosts(container: Container, at: string): Fault[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
  const handlers = {
    livenessProbe,
    readinessProbe,
    startupProbe,
    "lifecycle.postStart": lifecycle?.postStart,
    "lifecycle.preStop": lifecycle?.preStop,
  };
  return Object.entries(handlers).flatMap(([name, handler]) =>
    (["httpGet", "tcpSocket"] as const).flatMap((action) => {
      const path = `${at}.${name}.${action}.host`;
      const allowed = "nothing: the pod's own address";
      return handler?.[action]?.host ? [{ code: "handler-host", path, got: "set", allowed, fix: "remove it" }] : [];
    }),
  );
}
