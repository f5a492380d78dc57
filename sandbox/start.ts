import { statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../cli/common/problem.ts";
import { say, step } from "../cli/common/progress.ts";
import { issueCertificates } from "./certificates.ts";
import { sandboxImages } from "./images/index.ts";
import { writeAwsProfiles } from "./parts/aws-profiles.ts";
import { applyClusterObjects, applyPrometheusOperatorCrds } from "./parts/cluster-objects.ts";
import { loadImages } from "./parts/containerd.ts";
import { partsOf } from "./parts/index.ts";
import { writeKubeconfigs } from "./parts/kubeconfig.ts";
import { ensureNamespaces, findInit, requireFreeNetwork } from "./parts/namespaces.ts";
import type { Part } from "./parts/part.ts";
import { runPart } from "./parts/run-part.ts";
import { runningProcess } from "./processes.ts";
import type { Settings } from "./settings.ts";

/** Disk space for etcd, the images and a first backup, with some reserve. */
const NEEDED_GIGABYTES = 3;

/** A piece of the start: pieces that do not wait for each other run side by side. */
export interface Task {
  name: string;
  after?: readonly string[];
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Starts every part of the sandbox that does not run, and waits until all serve. What is on disk (the cluster's
 * objects, S3's) is kept: after a reboot it is all there again.
 *
 * @param more tasks that need not wait until all parts serve
 * @throws Problem when the slot is in use, the disk is full, or a part does not come up
 */
export async function startSandbox(settings: Settings, more: readonly Task[] = []): Promise<void> {
  const parts = partsOf(settings);
  const pids = await Promise.all(parts.map(({ name }) => runningProcess(settings, name)));
  const missing = parts.filter((_, index) => pids[index] === undefined);
  if (missing.length > 0) {
    await requireDisk(settings);
    if (!settings.node) await requireFreePorts(settings, missing);
    else if (!(await findInit(settings))) await requireFreeNetwork(settings);
  }
  if (settings.node) await sandboxImages();
  else say("Not root, so there is no node: pods are accepted and stay pending.");

  await issueCertificates(settings);
  await writeKubeconfigs(settings);
  await writeAwsProfiles(settings);
  if (settings.node) await ensureNamespaces(settings);

  await runTasks([
    ...parts.map((part, index) => partTask(settings, part, pids[index] !== undefined)),
    { name: "cluster objects", after: ["apiserver"], run: () => applyClusterObjects(settings) },
    { name: "prometheus-operator's CRDs", after: ["apiserver"], run: () => applyPrometheusOperatorCrds(settings) },
    ...(settings.node ? [{ name: "images", after: ["containerd"], run: () => loadImages(settings) }] : []),
    ...more,
  ]);
}

/** What already runs is not worth a line. */
function partTask(settings: Settings, part: Part, runs: boolean): Task {
  const run = (signal: AbortSignal) => runPart(settings, part, signal);
  return { ...part, run: (signal) => (runs ? run(signal) : step(part.name, () => run(signal))) };
}

/** Runs each task once those that it waits for are done. The first failure ends the waiting of all others. */
async function runTasks(tasks: readonly Task[]): Promise<void> {
  const abort = new AbortController();
  const runs = new Map<string, Promise<void>>();
  const done = ({ name, after = [], run }: Task): Promise<void> => {
    const before = tasks.filter((task) => after.includes(task.name));
    const known = runs.get(name) ?? Promise.all(before.map(done)).then(() => run(abort.signal));
    runs.set(name, known);
    return known;
  };
  const all = tasks.map(done);
  try {
    await Promise.all(all);
  } catch (error) {
    abort.abort();
    await Promise.allSettled(all);
    throw error;
  }
}

async function requireDisk({ directory }: Settings): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(directory));
  const free = (bavail * bsize) / 1e9;
  if (free < NEEDED_GIGABYTES) {
    throw new Problem(
      `the sandbox needs ${NEEDED_GIGABYTES} GB of free disk; ${dirname(directory)} has ${free.toFixed(1)} GB. Free some, or move the clone to a larger disk.`,
    );
  }
}

async function requireFreePorts(settings: Settings, parts: Part[]): Promise<void> {
  for (const port of parts.flatMap(({ ports }) => ports)) {
    const number = settings.ports[port];
    if (await becomesFree(settings.address, number)) continue;
    throw new Problem(
      `port ${number} (${port}) is taken on ${settings.address} by another process; stop it, or use another slot: make up SLOT=${settings.slot + 1}`,
    );
  }
}

/** A process that was just killed holds its ports until its last thread has ended. */
async function becomesFree(host: string, port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt++) {
    if (await isFree(host, port)) return true;
    await sleep(100);
  }
  return false;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
