import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1CronJob, V1EnvVar, V1Job, V1PodSpec } from "@kubernetes/client-node";
import { execa } from "execa";
import { volumeObjects } from "../../sandbox/world/volume.ts";
import { jobEnd } from "./jobs.ts";
import type { Sandbox } from "./sandbox.ts";

export const namespace = "js-mcp";
export const job = "js-mcp-sessions-backup";
export const bucket = "js-mcp-backups-sandbox-123456789012-eu-central-1";

/** The manifest of a volume's backup. */
export interface Manifest {
  kind: string;
  key: string;
  versionId: string;
  bytes: number;
  sha256: string;
  startedAt: string;
  files: number;
  fileBytes: number;
  chunks: number;
  bytesUploaded: number;
}

/** A claim of a test's own, and the folder behind it as this machine sees it. */
export interface Claim {
  name: string;
  folder: string;
}

/** An empty volume of the namespace, bound to a folder that `owner` owns. What was there before is gone. */
export async function claimOf(sandbox: Sandbox, name: string, owner: number): Promise<Claim> {
  const folder = join(sandbox.settings.directory, "volumes", `${namespace}-${name}`);
  await removeClaim(sandbox, { name, folder });
  await mkdir(folder, { recursive: true });
  await execa("chown", [`${owner}:${owner}`, folder]);
  const items = volumeObjects(sandbox.settings, { namespace, claim: name, size: "1Gi", owner });
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await sandbox.run("kubectl", ["apply", "--server-side", "--filename=-"], list);
  return { name, folder };
}

export async function removeClaim(sandbox: Sandbox, { name, folder }: Claim): Promise<void> {
  await sandbox.kubectl("--namespace", namespace, "delete", "pvc", name, "--ignore-not-found");
  await sandbox.kubectl("delete", "pv", `${namespace}-${name}`, "--ignore-not-found");
  if (existsSync(folder)) await rm(folder, { recursive: true });
}

/** What a copy of a CronJob's pod has that the declared one has not: where it publishes, what it reads, whom it asks. */
export interface Difference {
  claim?: string;
  env?: Record<string, string>;
  change?: (pod: V1PodSpec) => void;
  /** Seconds after which its pods are killed. */
  deadline?: number;
}

/** How a Job ended, and what its containers printed. */
export interface Ended {
  succeeded: boolean;
  log: string;
  exitCodes: Record<string, number | undefined>;
}

/** Runs the pod of a CronJob, as the API holds it, once. @param meanwhile is run beside it once the first container runs */
export async function runOnce(
  sandbox: Sandbox,
  cronJob: string,
  { claim, env = {}, change = () => {}, deadline }: Difference = {},
  meanwhile: () => Promise<void> = async () => {},
): Promise<Ended> {
  const inNamespace = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);
  const { spec } = JSON.parse(await inNamespace("get", "cronjob", cronJob, "--output=json")) as V1CronJob;
  const copy = structuredClone(spec?.jobTemplate) as V1Job & { spec: NonNullable<V1Job["spec"]> };
  copy.spec.backoffLimit = 0;
  if (deadline) copy.spec.activeDeadlineSeconds = deadline;
  const pod = copy.spec.template.spec as V1PodSpec;
  for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
    container.env = container.env?.map((one) => set(one, env)) ?? [];
    for (const [name, value] of Object.entries(env)) {
      if (!container.env.some((one) => one.name === name) && name === name.toUpperCase())
        container.env.push({ name, value });
    }
  }
  for (const volume of pod.volumes ?? []) {
    if (volume.persistentVolumeClaim && claim) volume.persistentVolumeClaim.claimName = claim;
  }
  change(pod);
  const name = `${cronJob}-${Date.now()}`.slice(-60).replace(/^-+/, "");
  const metadata = { name, labels: spec?.jobTemplate.metadata?.labels };
  const text = JSON.stringify({ ...copy, apiVersion: "batch/v1", kind: "Job", metadata });
  await sandbox.run("kubectl", ["--namespace", namespace, "create", "--filename=-"], text);
  try {
    const beside = started(sandbox, name).then(meanwhile);
    const { type } = await jobEnd(sandbox, namespace, name);
    await beside;
    return { succeeded: type === "Complete", ...(await traces(sandbox, name, pod)) };
  } finally {
    await inNamespace("delete", "job", name);
  }
}

function set(one: V1EnvVar, env: Record<string, string>): V1EnvVar {
  const value = env[one.name];
  return value === undefined ? one : { name: one.name, value };
}

async function started(sandbox: Sandbox, name: string): Promise<void> {
  const selector = `--selector=batch.kubernetes.io/job-name=${name}`;
  const path = "--output=jsonpath={.items[*].status.initContainerStatuses[0].state}";
  while (!/running|terminated/.test(await sandbox.kubectl("--namespace", namespace, "get", "pods", selector, path))) {
    await sleep(200);
  }
}

async function traces(sandbox: Sandbox, name: string, pod: V1PodSpec): Promise<Pick<Ended, "log" | "exitCodes">> {
  const inNamespace = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);
  const names = [...(pod.initContainers ?? []), ...pod.containers].map((container) => container.name);
  const logs = names.map((container) => inNamespace("logs", `job/${name}`, `--container=${container}`).catch(() => ""));
  const selector = `--selector=batch.kubernetes.io/job-name=${name}`;
  const { items } = JSON.parse(await inNamespace("get", "pods", selector, "--output=json"));
  const statuses = items.flatMap(({ status }: { status: Record<string, { name: string; state: State }[]> }) => [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
  ]) as { name: string; state: State }[];
  const exitCodes = Object.fromEntries(statuses.map((one) => [one.name, one.state.terminated?.exitCode]));
  return { log: (await Promise.all(logs)).join("\n"), exitCodes };
}

interface State {
  terminated?: { exitCode: number };
}

/** Keys under a prefix of the bucket, in order. */
export async function keys(sandbox: Sandbox, prefix: string): Promise<string[]> {
  const list = await sandbox
    .aws("s3api", "list-objects-v2", "--bucket", bucket, "--prefix", prefix, "--output=json")
    .then((text) => JSON.parse(text || "{}") as { Contents?: { Key: string }[] });
  return (list.Contents ?? []).map(({ Key }) => Key);
}

/** The newest manifest under a prefix. */
export async function newest(sandbox: Sandbox, prefix: string): Promise<Manifest> {
  const names = (key: string) => key.split("/").at(-1) as string;
  const key = (await keys(sandbox, `${prefix}manifests/`)).sort((a, b) => (names(a) < names(b) ? -1 : 1)).at(-1);
  return JSON.parse(await sandbox.aws("s3", "cp", `s3://${bucket}/${key}`, "-"));
}
