import { setTimeout as sleep } from "node:timers/promises";
import type { V1Job, V1JobCondition } from "@kubernetes/client-node";
import type { Sandbox } from "./sandbox.ts";

const POLL_MILLISECONDS = 1000;

/** Waits until a Job is `Complete` or `Failed`: it says earlier that it will be, before its pods are counted. */
export async function jobEnd(sandbox: Sandbox, namespace: string, job: string): Promise<V1JobCondition> {
  for (;;) {
    const { status } = JSON.parse(
      await sandbox.kubectl("--namespace", namespace, "get", "job", job, "--output=json"),
    ) as V1Job;
    const end = status?.conditions?.find(({ type }) => type === "Complete" || type === "Failed");
    if (end) return end;
    await sleep(POLL_MILLISECONDS);
  }
}
