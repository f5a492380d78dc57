import type { V1Container, V1CronJob, V1Job } from "@kubernetes/client-node";
import { type Ended, ended } from "../restore/run.ts";
import type { Sandbox } from "../support/sandbox.ts";

/** A published backup of objects, as far as the tests read it. */
export interface Manifest {
  key: string;
  versionId: string;
  sha256: string;
  serverVersion: string;
  recipient?: string;
  objects: { kind: string; count: number }[];
}

/** A line of an artefact. */
export interface Line {
  kind: string;
  uid?: string;
  age?: string;
  metadata: { name: string; namespace?: string };
  [field: string]: unknown;
}

export const bucketOf = (service: string) => `${service}-backups-sandbox-123456789012-eu-central-1`;

/** Keys of the manifests under a prefix, oldest first. */
export async function manifestsUnder(sandbox: Sandbox, service: string, prefix: string): Promise<string[]> {
  const list = await sandbox
    .aws("s3", "ls", "--recursive", `s3://${bucketOf(service)}/${prefix}manifests/`)
    .catch(() => "");
  const keys = list.split("\n").flatMap((line) => line.split(/\s+/)[3] ?? []);
  const name = (key: string) => key.split("/").at(-1) as string;
  return keys.sort((a, b) => (name(a) < name(b) ? -1 : 1));
}

/** The newest backup under a prefix, with its data. */
export async function newest(sandbox: Sandbox, service: string, prefix: string) {
  const read = (key: string) => sandbox.aws("s3", "cp", `s3://${bucketOf(service)}/${key}`, "-");
  const key = (await manifestsUnder(sandbox, service, prefix)).at(-1) as string;
  const manifest = JSON.parse(await read(key)) as Manifest;
  const text = await read(manifest.key);
  const lines = text.split("\n").filter((line) => line !== "");
  return { manifest, text, lines: lines.map((line) => JSON.parse(line) as Line) };
}

/**
 * Runs the Job of a CronJob as the API holds it, tried once, with a look at what its first step left.
 *
 * @param environment overrides of its containers' environment
 * @param needles texts that no file may hold which the step left: the look fails where one does
 */
export async function runWatched(
  sandbox: Sandbox,
  namespace: string,
  cronJob: string,
  environment: Record<string, string>,
  needles: string[],
): Promise<Ended> {
  const found = await sandbox.kubectl("--namespace", namespace, "get", "cronjob", cronJob, "--output=json");
  const job = (JSON.parse(found) as V1CronJob).spec?.jobTemplate as V1Job & { spec: NonNullable<V1Job["spec"]> };
  job.spec.backoffLimit = 0;
  const pod = job.spec.template.spec;
  if (!pod?.initContainers?.[0]) throw new Error(`${cronJob} has no step before its last`);
  for (const container of [...pod.initContainers, ...pod.containers]) changed(container, environment);
  const [first] = pod.initContainers;
  pod.initContainers.push({ ...first, name: "look", command: ["node", "--eval", look, ...needles], env: [] });
  const name = `${cronJob}-test-${Date.now()}`;
  const metadata = { name, labels: job.metadata?.labels };
  const text = JSON.stringify({ ...job, apiVersion: "batch/v1", kind: "Job", metadata });
  await sandbox.run("kubectl", ["--namespace", namespace, "create", "--filename=-"], text);
  return ended(sandbox, namespace, name);
}

function changed(container: V1Container, environment: Record<string, string>): void {
  container.env = [
    ...(container.env ?? []).filter(({ name }) => !(name in environment)),
    ...Object.entries(environment).map(([name, value]) => ({ name, value })),
  ];
}

/** What a container runs to look into all that the step before wrote, apart from the token that Kubernetes mounts. */
const look = `
const { readdirSync, readFileSync, statSync } = require("node:fs");
let files = 0;
for (const folder of ["/scratch", "/tmp"])
  for (const file of readdirSync(folder, { recursive: true }).map((name) => folder + "/" + name)) {
    if (!statSync(file).isFile()) continue;
    files += 1;
    const text = readFileSync(file);
    if (process.argv.slice(1).some((needle) => text.includes(needle))) { console.log("found in " + file); process.exitCode = 9; }
  }
console.log("looked into " + files + " files");`;
