import type { V1CronJob, V1Job, V1PodSpec } from "@kubernetes/client-node";
import { jobEnd } from "../support/jobs.ts";
import type { Sandbox } from "../support/sandbox.ts";

export const namespace = "mplp-production";

/** The bucket of MPLP's backups in the sandbox. */
export const bucket = "mplp-backups-sandbox-123456789012-eu-central-1";

/** A backup's manifest: what all kinds have, and what one kind adds. */
export type Manifest<Content = object> = {
  key: string;
  versionId: string;
  bytes: number;
  sha256: string;
  serverVersion: string;
} & Content;

/** Manifests under a prefix, such as `daily/<name>.json`, oldest first. */
export async function manifests(sandbox: Sandbox, prefix: string): Promise<string[]> {
  const list = await sandbox.aws("s3", "ls", "--recursive", `s3://${bucket}/${prefix}manifests/`);
  const keys = list.split("\n").map((line) => line.split(/\s+/).at(-1) as string);
  return keys.map((key) => key.slice(`${prefix}manifests/`.length)).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

/** A manifest's name without its tier: it begins with the time. */
const nameOf = (key: string) => key.split("/").at(-1) as string;

export async function manifest<Content>(sandbox: Sandbox, prefix: string, name: string): Promise<Manifest<Content>> {
  return JSON.parse(await sandbox.aws("s3", "cp", `s3://${bucket}/${prefix}manifests/${name}`, "-"));
}

export function scheduleOf(sandbox: Sandbox, job: string): Promise<string> {
  return sandbox.kubectl("--namespace", namespace, "get", "cronjob", job, "--output=jsonpath={.spec.schedule}");
}

/** Changes the live schedule as its own manager, so that the field's owner stays. Returns what it was. */
export async function patchSchedule(sandbox: Sandbox, job: string, text: string): Promise<string> {
  const declared = await scheduleOf(sandbox, job);
  const manager = await sandbox.kubectl(
    ...["--namespace", namespace, "get", "cronjob", job, "--show-managed-fields"],
    "--output=jsonpath={.metadata.managedFields[0].manager}",
  );
  await sandbox.kubectl(
    ...["--namespace", namespace, "patch", "cronjob", job, "--type=merge", `--field-manager=${manager}`],
    ...["--patch", JSON.stringify({ spec: { schedule: text } })],
  );
  return declared;
}

/** How a Job ended, and what its containers printed. */
export interface Ended {
  succeeded: boolean;
  log: string;
}

/**
 * Runs the Job of a CronJob as the API holds it, tried once.
 *
 * @param change what a fault changes about its pod, from outside: its addresses, its account
 */
export async function runOnce(
  sandbox: Sandbox,
  cronJob: string,
  change: (pod: V1PodSpec) => void = () => {},
): Promise<Ended> {
  const name = `${cronJob}-test`;
  const inNamespace = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);
  const { spec } = JSON.parse(await inNamespace("get", "cronjob", cronJob, "--output=json")) as V1CronJob;
  const job = structuredClone(spec?.jobTemplate) as V1Job & { spec: NonNullable<V1Job["spec"]> };
  job.spec.backoffLimit = 0;
  change(job.spec.template.spec as V1PodSpec);
  const metadata = { name, labels: spec?.jobTemplate.metadata?.labels };
  const manifest = JSON.stringify({ ...job, apiVersion: "batch/v1", kind: "Job", metadata });
  await sandbox.run("kubectl", ["--namespace", namespace, "create", "--filename=-"], manifest);
  try {
    const { type } = await jobEnd(sandbox, namespace, name);
    return { succeeded: type === "Complete", log: await logOf(sandbox, name, job.spec.template.spec) };
  } finally {
    await inNamespace("delete", "job", name);
  }
}

/** What a Job's containers printed, in their order; one that never started printed nothing. */
async function logOf(sandbox: Sandbox, name: string, pod: V1PodSpec | undefined): Promise<string> {
  const containers = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
  const logs = containers.map(({ name: container }) =>
    sandbox.kubectl("--namespace", namespace, "logs", `job/${name}`, `--container=${container}`).catch(() => ""),
  );
  return (await Promise.all(logs)).join("\n");
}

/** Sets an environment variable of the container that dumps. */
export function set(pod: V1PodSpec, name: string, value: string): void {
  const dump = pod.initContainers?.[0];
  if (dump) dump.env = [...(dump.env ?? []).filter((variable) => variable.name !== name), { name, value }];
}
