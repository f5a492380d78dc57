import type { types } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { LOG, TMP } from "../../domain/backup/scratch.ts";
import type { Affinity } from "../../domain/declaration/affinity.ts";
import type { JobPods, StepName } from "../../domain/declaration/jobPods.ts";
import { cpuOf } from "../../domain/jobs/jobPods.ts";
import { restrictedContainer, restrictedPod } from "../../domain/kubernetes/hardening.ts";
import { bytes, type Size, sizeOf } from "../../domain/values/size.ts";
import { guardLine, type WeekdayGuard } from "../../domain/values/weekdayGuard.ts";

/** One program of a job, in its own container. All but the last are init containers: each starts after the one before succeeded. */
export type Step = StepFacts & (Program | Command);

/** A program of Upkeep's. */
interface Program {
  /** A program's text, carried in the pod itself: an update never changes a run under way or its retries. */
  program: string;
  /** What runs the program. @default bash */
  interpreter?: keyof typeof interpreters;
}

/** A program of the image's own. */
interface Command {
  /** The program and its arguments, as they are to arrive. */
  command: readonly string[];
}

interface StepFacts {
  name: string;
  image: string;
  /** Numeric user of the image's programs. */
  user: number;
  /** Numeric group. @default the first step's user */
  group?: number;
  /** Whether the declaration names the user: it is then kept where a cluster assigns the users of all others. */
  keepsUser?: true;
  environment: types.input.core.v1.EnvVar[];
  memory: Size;
  /** A ConfigMap whose `ca.crt` the AWS CLI trusts. */
  certificateAuthority?: string;
  /** Whether the program calls the Kubernetes API: only such a step gets the token of the job's ServiceAccount. */
  apiToken?: boolean;
  /** Where the job's volume is mounted, as in the API. @default not mounted */
  mount?: { mountPath: string; readOnly?: boolean };
}

/** A volume that a job works on, besides its own scratch space. */
export interface JobVolume {
  /** As a pod declares it, without a name. */
  source: Omit<types.input.core.v1.Volume, "name">;
  /** The group that the kubelet sets on every file. @default files keep their group */
  group?: number;
  /** Labels of the pods on whose node the job has to run. */
  beside?: Record<string, string>;
}

/** How each interpreter is started with a program's text, which follows as the last argument. */
const interpreters = {
  bash: ["bash", "-c"],
  node: ["node", "--input-type=module", "--eval"],
} as const;

/** Volume, and folder, of the certificate authority that a step trusts. */
const AUTHORITY = "certificate-authority";
/** Path of its certificate, in a step with `certificateAuthority`. */
export const S3_AUTHORITY = `/${AUTHORITY}/ca.crt`;
/** Volume of the ServiceAccount's token and of the certificate authority that signed for the API server. */
const API_ACCESS = "api-access";
/** Where every client of Kubernetes looks for them. */
const API_ACCESS_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
/** Seconds that a token is valid; the kubelet renews it in time. Also the API's default. */
const TOKEN_SECONDS = 3600;
/** Path of that authority's certificate, in a step with `apiToken`. */
export const API_AUTHORITY = `${API_ACCESS_FOLDER}/ca.crt`;
/** The volume that a job works on. */
const WORKED_ON = "volume";

/** What a pod's steps share under /scratch. */
export interface Scratch {
  size: Size;
  /** StorageClass of the volume that the pod gets for it. @default the node's own disk */
  storageClass?: string;
}

/**
 * The hardened pod of a maintenance job: its steps in order, sharing /scratch and /tmp.
 *
 * @param only what must hold for them to do anything
 * @param volume what they work on, if it is a volume
 * @param declared what the environment, the service and the backup declare about it
 */
export function jobPod(
  steps: Step[],
  scratch: Scratch,
  serviceAccount: pulumi.Input<string>,
  only?: WeekdayGuard,
  volume?: JobVolume,
  declared: JobPods = {},
): types.input.core.v1.PodSpec {
  const onNode = bytes(TMP) + bytes(LOG) + (scratch.storageClass === undefined ? bytes(scratch.size) : 0);
  const containers = steps.map((step) => container(step, commandOf(step, only), sizeOf(onNode), declared));
  const authority = steps.find((step) => step.certificateAuthority)?.certificateAuthority;
  return {
    serviceAccountName: serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: "Never",
    securityContext: securityContext(steps[0]?.user ?? 65_532, declared, volume),
    ...scheduling(declared, volume?.beside),
    initContainers: containers.slice(0, -1),
    containers: containers.slice(-1),
    volumes: [
      scratchVolume(scratch),
      { name: "tmp", emptyDir: { sizeLimit: TMP } },
      ...(authority ? [{ name: AUTHORITY, configMap: { name: authority } }] : []),
      ...(steps.some(({ apiToken }) => apiToken) ? [apiAccess] : []),
      ...(volume ? [{ name: WORKED_ON, ...volume.source }] : []),
    ],
  };
}

/**
 * An fsGroup also applies to the volume: the kubelet would change the group of every file on it. For a volume with a group, the kubelet
 * compares only the root directory, so that files keep their modes when it is mounted again.
 */
function securityContext(user: number, { users }: JobPods, volume?: JobVolume): types.input.core.v1.PodSecurityContext {
  const { fsGroup, ...context } = restrictedPod(users === "none" ? undefined : user);
  if (!volume) return { ...context, ...(fsGroup !== undefined && { fsGroup }) };
  const { group } = volume;
  return { ...context, ...(group !== undefined && { fsGroup: group, fsGroupChangePolicy: "OnRootMismatch" }) };
}

/** The fields of a pod that decide where and how it runs, as they are declared. */
function scheduling(
  { tolerations, nodeSelector, affinity, priorityClassName, runtimeClassName, imagePullSecrets }: JobPods,
  labels: Record<string, string> | undefined,
): Partial<types.input.core.v1.PodSpec> {
  const placed = labels ? beside(labels, affinity) : affinity;
  return {
    ...(tolerations && { tolerations }),
    ...(nodeSelector && { nodeSelector }),
    ...(placed && { affinity: placed }),
    ...(priorityClassName && { priorityClassName }),
    ...(runtimeClassName && { runtimeClassName }),
    ...(imagePullSecrets && { imagePullSecrets }),
  };
}

/** On the node of other pods, besides what is declared: required terms must all hold. */
function beside(labels: Record<string, string>, declared: Affinity = {}): types.input.core.v1.Affinity {
  const term = { labelSelector: { matchLabels: labels }, topologyKey: "kubernetes.io/hostname" };
  const { requiredDuringSchedulingIgnoredDuringExecution: required = [], ...podAffinity } = declared.podAffinity ?? {};
  return {
    ...declared,
    podAffinity: { ...podAffinity, requiredDuringSchedulingIgnoredDuringExecution: [...required, term] },
  };
}

/** A volume of a StorageClass belongs to the pod: it is created and deleted with it. */
function scratchVolume({ size, storageClass }: Scratch): types.input.core.v1.Volume {
  if (storageClass === undefined) return { name: "scratch", emptyDir: { sizeLimit: sizeOf(bytes(size)) } };
  const spec = {
    accessModes: ["ReadWriteOnce"],
    storageClassName: storageClass,
    resources: { requests: { storage: sizeOf(bytes(size)) } },
  };
  return { name: "scratch", ephemeral: { volumeClaimTemplate: { spec } } };
}

/** What Kubernetes would mount itself, into every container, if `automountServiceAccountToken` were true. */
const apiAccess: types.input.core.v1.Volume = {
  name: API_ACCESS,
  projected: {
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: TOKEN_SECONDS } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
    ],
  },
};

/** The kubelet turns `$$` into `$` and expands `$(NAME)`, in commands too. Source: kubernetes.io/docs/reference/kubernetes-api, EnvVar.value. */
function escaped(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** A variable whose value reaches the program as it is written; values from Secrets are not expanded. */
function asWritten(variable: types.input.core.v1.EnvVar): types.input.core.v1.EnvVar {
  const { value } = variable;
  if (value === undefined) return variable;
  return {
    ...variable,
    value: typeof value === "string" ? escaped(value) : pulumi.output(value).apply((text = "") => escaped(text)),
  };
}

/** A command of the image's own has no line in which a guard could stand. */
function commandOf(step: Step, only: WeekdayGuard | undefined): string[] {
  if ("command" in step) return step.command.map(escaped);
  return [...interpreters[step.interpreter ?? "bash"], (only ? guardLine(only) : "") + step.program];
}

/** @param storage the most that the pod's containers write on the node's disk */
function container(step: Step, command: string[], storage: Size, declared: JobPods): types.input.core.v1.Container {
  const memory = sizeOf(bytes(declared.memory?.[step.name as StepName] ?? step.memory));
  const { request, limit } = cpuOf(declared);
  const named = declared.users !== "none" || step.keepsUser;
  return {
    name: step.name,
    image: step.image,
    command,
    env: [
      { name: "HOME", value: "/tmp" },
      ...(step.certificateAuthority ? [{ name: "AWS_CA_BUNDLE", value: S3_AUTHORITY }] : []),
      ...step.environment.map(asWritten),
    ],
    securityContext: {
      ...restrictedContainer,
      ...(named && { runAsUser: step.user }),
      ...(named && step.group !== undefined && { runAsGroup: step.group }),
    },
    resources: {
      requests: { cpu: request, memory, "ephemeral-storage": storage },
      limits: { ...(limit !== undefined && { cpu: limit }), memory, "ephemeral-storage": storage },
    },
    volumeMounts: [
      { name: "scratch", mountPath: "/scratch" },
      { name: "tmp", mountPath: "/tmp" },
      ...(step.certificateAuthority ? [{ name: AUTHORITY, mountPath: `/${AUTHORITY}`, readOnly: true }] : []),
      ...(step.apiToken ? [{ name: API_ACCESS, mountPath: API_ACCESS_FOLDER, readOnly: true }] : []),
      ...(step.mount ? [{ name: WORKED_ON, ...step.mount }] : []),
    ],
  };
}
