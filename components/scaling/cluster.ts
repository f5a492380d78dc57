import { setTimeout as sleep } from "node:timers/promises";
import type {
  AppsV1Api,
  AutoscalingV2Api,
  Middleware,
  PolicyV1Api,
  V1ObjectMeta,
  V1PodTemplateSpec,
} from "@kubernetes/client-node";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { replicasOwners } from "../../domain/kubernetes/replicasOwner.ts";
import type { Existing, ExistingWorkload } from "../../domain/scaling/conflicts.ts";
import { kubeconfigFiles, mergedKubeconfig } from "./kubeconfig.ts";

/** Limit for all requests about one service, the start of a credentials plugin included. */
const PATIENCE_SECONDS = 10;

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** There is no cluster to ask, or it did not answer. The message is the reason, in a form that follows a colon. */
export class NotAnswered extends Error {
  override name = "NotAnswered";
}

/** A cluster, for reading only. */
export interface Cluster {
  patienceSeconds: number;
  apps: AppsV1Api;
  autoscaling: AutoscalingV2Api;
  policy: PolicyV1Api;
}

/** @throws NotAnswered when no kubeconfig has the environment's context */
export async function clusterOf(
  { kubernetes: { context, kubeconfig } }: Environment,
  patienceSeconds = PATIENCE_SECONDS,
): Promise<Cluster> {
  const files = kubeconfigFiles(kubeconfig);
  try {
    const merged = mergedKubeconfig(files);
    if (!merged.contexts.some(({ name }) => name === context)) {
      throw new NotAnswered(`no context "${context}" in ${files.join(", ")}`);
    }
    // Loaded late: it takes a third of a second, which a preview without a cluster does not need.
    const { AppsV1Api, AutoscalingV2Api, createConfiguration, KubeConfig, PolicyV1Api, ServerConfiguration } =
      await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromString(JSON.stringify({ ...merged, "current-context": context }));
    const server = config.getCurrentCluster()?.server;
    if (!server) throw new NotAnswered(`context "${context}" names no cluster of ${files.join(", ")}`);
    const client = createConfiguration({
      baseServer: new ServerConfiguration(server, {}),
      authMethods: { default: config },
      promiseMiddleware: [impatient(patienceSeconds)],
    });
    return {
      patienceSeconds,
      apps: new AppsV1Api(client),
      autoscaling: new AutoscalingV2Api(client),
      policy: new PolicyV1Api(client),
    };
  } catch (error) {
    throw error instanceof NotAnswered ? error : new NotAnswered(reasonOf(error));
  }
}

/**
 * What a service's namespace already has; uses only list requests.
 *
 * @param service as it is in the environment
 * @throws NotAnswered
 */
export async function clusterFacts(
  { patienceSeconds, apps, autoscaling, policy }: Cluster,
  { namespace }: Service,
): Promise<Existing> {
  const list = { namespace };
  const answers = Promise.all([
    Promise.all(kinds.map(async (kind) => (await lists[kind](apps, list)).items.map((item) => workloadOf(kind, item)))),
    autoscaling.listNamespacedHorizontalPodAutoscaler(list),
    policy.listNamespacedPodDisruptionBudget(list),
  ]);
  // A credentials plugin runs before the request and may wait for a person.
  const late = sleep(patienceSeconds * 1000, undefined, { ref: false }).then((): never => {
    throw new NotAnswered(`no answer within ${patienceSeconds} s`);
  });
  try {
    const [workloads, autoscalers, budgets] = await Promise.race([answers, late]);
    return {
      workloads: workloads.flat(),
      autoscalers: autoscalers.items.map(({ metadata, spec }) => ({
        ...named(metadata),
        target: { kind: spec?.scaleTargetRef.kind ?? "", name: spec?.scaleTargetRef.name ?? "" },
      })),
      budgets: budgets.items.map(({ metadata, spec }) => ({
        ...named(metadata),
        selector: spec?.selector,
      })),
    };
  } catch (error) {
    throw error instanceof NotAnswered ? error : new NotAnswered(reasonOf(error));
  }
}

/** Aborts a request after its time is up: it would keep the program alive. */
function impatient(seconds: number): Middleware {
  return {
    pre: async (request) => {
      request.setSignal(AbortSignal.timeout(seconds * 1000));
      return request;
    },
    post: async (response) => response,
  };
}

interface Scaled {
  metadata?: V1ObjectMeta;
  spec?: { replicas?: number; template: V1PodTemplateSpec };
}

/** How the workloads of each kind are listed. */
const lists: {
  [K in ExistingWorkload["kind"]]: (apps: AppsV1Api, of: { namespace: string }) => Promise<{ items: Scaled[] }>;
} = {
  Deployment: (apps, of) => apps.listNamespacedDeployment(of),
  StatefulSet: (apps, of) => apps.listNamespacedStatefulSet(of),
  DaemonSet: (apps, of) => apps.listNamespacedDaemonSet(of),
};

const kinds = Object.keys(lists) as ExistingWorkload["kind"][];

function workloadOf(kind: ExistingWorkload["kind"], { metadata, spec }: Scaled): ExistingWorkload {
  return {
    kind,
    name: metadata?.name ?? "",
    pods: spec?.template.metadata?.labels ?? {},
    replicas: spec?.replicas ?? 0,
    replicasOwners: replicasOwners(metadata?.managedFields ?? [], metadata?.annotations?.[LAST_APPLIED]),
  };
}

function named(metadata: V1ObjectMeta | undefined) {
  return { name: metadata?.name ?? "", labels: metadata?.labels ?? {} };
}

/** An error in one line: the API's own message, or what prevented the request. */
function reasonOf(error: unknown): string {
  const { body, cause, code, message } = error as Error & { body?: unknown; code?: unknown };
  if (body !== undefined) return `it answered ${code}: ${statusMessage(body)}`;
  return cause instanceof Error ? reasonOf(cause) : (message || String(code)).trim();
}

function statusMessage(body: unknown): string {
  try {
    const { message } = (typeof body === "string" ? JSON.parse(body) : body) as { message?: string };
    if (message) return message;
  } catch {
    // The answer did not come from a Kubernetes API.
  }
  return String(body).slice(0, 200).trim();
}
