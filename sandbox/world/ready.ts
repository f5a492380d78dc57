import { setTimeout as sleep } from "node:timers/promises";
import type { V1ContainerStatus, V1DaemonSet, V1Deployment, V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { Problem } from "../../cli/common/problem.ts";
import { kubeconfigFile } from "../parts/kubeconfig.ts";
import { kubectl } from "../parts/kubectl.ts";
import type { Settings } from "../settings.ts";
import { label } from "./objects.ts";

/** Each poll takes a third of a second of CPU time, which the pods that it waits for need too. */
const POLL_MILLISECONDS = 2000;
const LIMIT_SECONDS = 180;

type Workload = V1Deployment | V1StatefulSet | V1DaemonSet;

/**
 * Waits until all stand-ins of the guides' services run.
 *
 * @throws Problem with what is not ready and why
 */
export async function untilReady(settings: Settings): Promise<void> {
  const deadline = Date.now() + LIMIT_SECONDS * 1000;
  const selector = Object.entries(label).map((pair) => pair.join("="));
  const query = ["get", "deployments,statefulsets,daemonsets,pods", "--all-namespaces", "--output=json"];
  for (;;) {
    const { items } = JSON.parse(await kubectl(settings, [...query, `--selector=${selector}`]));
    const pods: V1Pod[] = items.filter((item: { kind: string }) => item.kind === "Pod");
    const waiting = [
      ...items.filter((item: Workload & { kind: string }) => item.kind !== "Pod" && !isComplete(item)),
      ...pods.filter((pod) => !isReady(pod)),
    ];
    if (waiting.length === 0) return;
    if (Date.now() > deadline) {
      const names = waiting.map(({ kind, metadata }) => `  ${kind} ${metadata.namespace}/${metadata.name}`);
      throw new Problem(
        `not ready after ${LIMIT_SECONDS} seconds:
${[...names, ...pods.flatMap(reasons)].join("\n")}
Look further with: kubectl --kubeconfig ${kubeconfigFile(settings)} get pods,events --all-namespaces`,
      );
    }
    await sleep(POLL_MILLISECONDS);
  }
}

function isComplete({ kind, metadata, spec, status }: Workload & { kind?: string }): boolean {
  if (!status || status.observedGeneration !== metadata?.generation) return false;
  if ("desiredNumberScheduled" in status)
    return status.numberReady === status.desiredNumberScheduled && status.numberReady > 0;
  const wanted = spec && "replicas" in spec ? spec.replicas : 1;
  const { readyReplicas, updatedReplicas } = status as { readyReplicas?: number; updatedReplicas?: number };
  return kind !== undefined && readyReplicas === wanted && updatedReplicas === wanted;
}

function isReady(pod: V1Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}

/** Why a pod's containers do not run, in the kubelet's words. */
function reasons({ metadata, status }: V1Pod): string[] {
  const unscheduled = status?.conditions?.find(({ type, status }) => type === "PodScheduled" && status === "False");
  const states = (status?.containerStatuses ?? []).map(({ state, lastState }: V1ContainerStatus) => {
    const { waiting, terminated } = { ...lastState, ...state };
    return waiting?.message ?? waiting?.reason ?? terminated?.message ?? terminated?.reason;
  });
  return [unscheduled?.message, ...states]
    .filter((reason) => reason !== undefined)
    .map((reason) => `  ${metadata?.namespace}/${metadata?.name}: ${reason}`);
}
