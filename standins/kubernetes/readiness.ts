import { setTimeout as sleep } from "node:timers/promises";
import type { Properties } from "../values.ts";
import type { Api } from "./api.ts";
import { annotation, type KubernetesObject } from "./objects.ts";

/** The vendor's, where neither `customTimeouts` nor the annotation says otherwise. */
const DEFAULT_TIMEOUT_SECONDS = 600;
const POLL_MILLISECONDS = 500;

type Readiness = { ready: true } | { ready: false; reason: string; final?: boolean };

/** What is waited for, by kind. A CronJob and all that is not here is ready as soon as it exists. */
const READINESS: Record<string, (live: Live) => Readiness> = {
  "batch/v1/Job": ({ spec, condition }) => {
    const failed = condition("Failed");
    if (failed?.status === "True") return notReady(`the Job failed: ${failed.reason}: ${failed.message}`, true);
    if (spec.suspend === true || condition("Complete")?.status === "True") return READY;
    return notReady("the Job has not completed");
  },
  "apps/v1/Deployment": ({ spec, status, observed, condition }) => {
    const progressing = condition("Progressing");
    if (observed && progressing?.status === "False")
      return notReady(`${progressing.reason}: ${progressing.message}`, true);
    const wanted = spec.replicas ?? 1;
    const complete = status.updatedReplicas === wanted && status.availableReplicas === wanted;
    if (observed && (wanted === 0 || complete)) return READY;
    return notReady(`${status.availableReplicas ?? 0} of ${wanted} replicas are available`);
  },
  "apps/v1/StatefulSet": ({ spec, status, observed }) => {
    const wanted = spec.replicas ?? 1;
    const rolledOut = status.currentRevision === status.updateRevision;
    if (observed && rolledOut && (status.readyReplicas ?? 0) === wanted) return READY;
    if (!rolledOut) return notReady("not all replicas are of the newest revision");
    return notReady(`${status.readyReplicas ?? 0} of ${wanted} replicas are ready`);
  },
  "apps/v1/DaemonSet": ({ status, observed }) => {
    const wanted = status.desiredNumberScheduled;
    if (observed && status.numberReady === wanted && (status.updatedNumberScheduled ?? 0) === wanted) return READY;
    return notReady(`${status.numberReady ?? 0} of ${wanted ?? "?"} pods are ready`);
  },
  "v1/Pod": ({ status, condition }) => {
    if (status.phase === "Succeeded" || condition("Ready")?.status === "True") return READY;
    return notReady(`the Pod is ${status.phase ?? "not scheduled"}`, status.phase === "Failed");
  },
};

const READY: Readiness = { ready: true };

/** What an object says of itself, as the rules above read it. */
interface Live {
  spec: Properties;
  status: Properties;
  /** Whether its controller has seen the newest version. */
  observed: boolean;
  condition(type: string): Properties | undefined;
}

export interface Waiting {
  api: Api;
  path: string;
  inputs: KubernetesObject;
  /** From `customTimeouts`; 0 when there is none. */
  timeoutSeconds: number;
  signal: AbortSignal;
}

/**
 * Waits until the object works. It exists, so nothing that goes wrong here may be thrown: the engine would forget it.
 *
 * @returns it as it was last seen, and why it does not work; no reasons when it does
 */
export async function awaitReady(
  written: KubernetesObject,
  waiting: Waiting,
): Promise<{ live: KubernetesObject; reasons: string[] }> {
  const deadline = Date.now() + timeout(waiting, DEFAULT_TIMEOUT_SECONDS) * 1000;
  let live = written;
  for (;;) {
    const readiness = await readinessOf(live, waiting).catch(({ message }: Error) => notReady(message));
    if (readiness.ready) return { live, reasons: [] };
    if (readiness.final) return { live, reasons: [readiness.reason] };
    if (waiting.signal.aborted) return { live, reasons: [`the wait was cancelled: ${readiness.reason}`] };
    if (Date.now() > deadline) return { live, reasons: [`timed out: ${readiness.reason}`] };
    await sleep(POLL_MILLISECONDS, undefined, { signal: waiting.signal }).catch(() => {});
    live = await waiting.api.call("GET", waiting.path).catch(() => live);
  }
}

/** Why the object does not work right now; empty when it does. */
export async function unready(live: KubernetesObject, waiting: Omit<Waiting, "timeoutSeconds">): Promise<string[]> {
  const readiness = await readinessOf(live, waiting);
  return readiness.ready ? [] : [readiness.reason];
}

/** In seconds. */
export function timeout({ inputs, timeoutSeconds }: Pick<Waiting, "inputs" | "timeoutSeconds">, usual: number): number {
  return timeoutSeconds || Number(annotation(inputs, "pulumi.com/timeoutSeconds")) || usual;
}

async function readinessOf(
  live: KubernetesObject,
  { api, inputs }: Omit<Waiting, "timeoutSeconds">,
): Promise<Readiness> {
  if (annotation(inputs, "pulumi.com/skipAwait") === "true") return READY;
  const kind = `${live.apiVersion}/${live.kind}`;
  if (kind === "v1/Service") return await serviceReadiness(live, api);
  return READINESS[kind]?.(describe(live)) ?? READY;
}

/** A Service is ready with a ready pod and, if it asks for one, a load balancer. */
async function serviceReadiness(live: KubernetesObject, api: Api): Promise<Readiness> {
  const { spec, status } = describe(live);
  if (spec.type === "ExternalName" || spec.selector === undefined) return READY;
  const balancer = status.loadBalancer as { ingress?: unknown[] } | undefined;
  if (spec.type === "LoadBalancer" && !balancer?.ingress?.length) return notReady("the load balancer has no address");
  if (spec.clusterIP === "None") return READY;
  const { name = "", namespace } = live.metadata;
  const slices = await api.path({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: namespace === undefined ? {} : { namespace },
  });
  const list = await api.call("GET", slices, { query: { labelSelector: `kubernetes.io/service-name=${name}` } });
  const items = list.items as { endpoints?: { conditions?: { ready?: boolean } }[] }[];
  const ready = items.some(({ endpoints }) => endpoints?.some(({ conditions }) => conditions?.ready !== false));
  return ready ? READY : notReady("the Service selects no pod that is ready");
}

function describe(live: KubernetesObject): Live {
  const status = (live.status ?? {}) as Properties;
  const conditions = (status.conditions ?? []) as Properties[];
  return {
    spec: (live.spec ?? {}) as Properties,
    status,
    observed: Number(status.observedGeneration ?? 0) >= Number(live.metadata.generation ?? 0),
    condition: (type) => conditions.find((condition) => condition.type === type),
  };
}

function notReady(reason: string, final = false): Readiness {
  return { ready: false, reason, final };
}
