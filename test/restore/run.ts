import { randomUUID } from "node:crypto";
import type { V1Container, V1CronJob, V1Job, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { jobEnd } from "../support/jobs.ts";
import type { Sandbox } from "../support/sandbox.ts";

/** How a Job ended: what its containers printed, and the code of the one that failed. */
export interface Ended {
  succeeded: boolean;
  exitCode: number;
  log: string;
}

/** What a test changes about a Job from outside: where it looks, and the parameters that its starter sets. */
export interface Changes {
  environment?: Record<string, string>;
  deadlineSeconds?: number;
}

/** Runs the Job of a CronJob as the API holds it, tried once. */
export async function runJob(
  sandbox: Sandbox,
  namespace: string,
  cronJob: string,
  changes: Changes = {},
): Promise<Ended> {
  const inNamespace = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);
  const { spec } = JSON.parse(await inNamespace("get", "cronjob", cronJob, "--output=json")) as V1CronJob;
  const job = structuredClone(spec?.jobTemplate) as V1Job & { spec: NonNullable<V1Job["spec"]> };
  job.spec.backoffLimit = 0;
  if (changes.deadlineSeconds) job.spec.activeDeadlineSeconds = changes.deadlineSeconds;
  for (const container of containersOf(job.spec.template.spec)) {
    const changed = changes.environment ?? {};
    container.env = [
      ...(container.env ?? []).filter(({ name }) => !(name in changed)),
      ...Object.entries(changed).map(([name, value]) => ({ name, value })),
    ];
  }
  const name = `${cronJob}-test-${randomUUID().slice(0, 8)}`;
  const metadata = { name, labels: spec?.jobTemplate.metadata?.labels };
  const manifest = JSON.stringify({ ...job, apiVersion: "batch/v1", kind: "Job", metadata });
  await sandbox.run("kubectl", ["--namespace", namespace, "create", "--filename=-"], manifest);
  return ended(sandbox, namespace, name);
}

/** Waits until a Job has ended, and removes it. */
export async function ended(sandbox: Sandbox, namespace: string, name: string): Promise<Ended> {
  const inNamespace = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);
  try {
    const { type, reason } = await jobEnd(sandbox, namespace, name);
    const selector = `batch.kubernetes.io/job-name=${name}`;
    const pods = await inNamespace("get", "pods", "--selector", selector, "--output=json");
    const [pod] = (JSON.parse(pods) as { items: V1Pod[] }).items;
    const log = await logOf(sandbox, namespace, name, pod?.spec);
    return { succeeded: type === "Complete", exitCode: codeOf(pod), log: `${log}\n${reason}` };
  } finally {
    await inNamespace("delete", "job", name, "--wait=false");
  }
}

function containersOf(pod: V1PodSpec | undefined): V1Container[] {
  return [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
}

function codeOf(pod: V1Pod | undefined): number {
  const statuses = [...(pod?.status?.initContainerStatuses ?? []), ...(pod?.status?.containerStatuses ?? [])];
  return statuses.map(({ state }) => state?.terminated?.exitCode ?? 0).find((code) => code !== 0) ?? 0;
}

/** What a Job's containers printed, in their order; one that never started printed nothing. */
async function logOf(sandbox: Sandbox, namespace: string, job: string, pod: V1PodSpec | undefined): Promise<string> {
  const logs = containersOf(pod).map(({ name }) =>
    sandbox.kubectl("--namespace", namespace, "logs", `job/${job}`, `--container=${name}`).catch(() => ""),
  );
  return (await Promise.all(logs)).join("\n");
}
