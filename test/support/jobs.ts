import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api, type V1JobCondition } from "@kubernetes/client-node";
import { cluster } from "../../sandbox/cluster.ts";
import type { Sandbox } from "./sandbox.ts";

const POLL_MILLISECONDS = 300;

/** Waits until a Job is `Complete` or `Failed`: it says earlier that it will be, before its pods are counted. */
export async function jobEnd({ settings }: Sandbox, namespace: string, name: string): Promise<V1JobCondition> {
  // Not kubectl: starting it so often, for dozens of Jobs, is work that their pods wait for.
  const api = cluster(settings).makeApiClient(BatchV1Api);
  for (;;) {
    const { status } = await api.readNamespacedJob({ namespace, name });
    const end = status?.conditions?.find(({ type }) => type === "Complete" || type === "Failed");
    if (end) return end;
    await sleep(POLL_MILLISECONDS);
  }
}
