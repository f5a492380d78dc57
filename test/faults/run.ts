import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { V1Container, V1ContainerStatus, V1CronJob, V1JobSpec, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { namespace as production } from "../story/job.ts";
import { jobEnd } from "../support/jobs.ts";
import type { Sandbox } from "../support/sandbox.ts";

const POLL_MILLISECONDS = 700;

/** How a Job ended. */
export interface Ended {
  succeeded: boolean;
  /** Why it failed, in the controller's words, such as `DeadlineExceeded`; empty for a success. */
  reason: string;
  /** How each container ended that ran, by its name; of the pod that was started last. */
  exits: Record<string, number>;
  /** What its containers printed, in their order, and what the node and the controller say. */
  log: string;
  /** How many pods it took. */
  pods: number;
}

/** What a fault changes about a run, from outside. */
export interface Change {
  pod?(pod: V1PodSpec): void;
  job?(job: V1JobSpec): void;
  /** What happens while it runs. */
  during?(run: Run): Promise<void>;
}

/** A run under way. */
export interface Run {
  /** Waits until a container runs. @returns its pod */
  running(container: string): Promise<V1Pod>;
  /** Sends a signal to every process of a running container, as the node does, once it has started at least one beside its first. */
  signal(container: string, signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** Asks the API to evict the run's pod, as a drain does. */
  evict(): Promise<void>;
  /** Shortens the run's deadline to what has passed already: how long it takes to get this far is the machine's. */
  reachDeadline(): Promise<void>;
}

/**
 * Runs the Job of a CronJob as the API holds it, tried once.
 *
 * @param name of the Job
 * @param namespace of the CronJob
 * @param by whether the Job is made from the template, or by the CronJob controller, from a copy of the CronJob that is due every minute
 */
export async function run(
  sandbox: Sandbox,
  cronJob: string,
  name: string,
  { pod: changePod, job: changeJob, during }: Change,
  by: "template" | "controller" = "template",
  namespace = production,
): Promise<Ended> {
  const kubectl = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);
  const create = (object: object) =>
    sandbox.run("kubectl", ["--namespace", namespace, "create", "--filename=-"], JSON.stringify(object));
  const { spec, metadata } = JSON.parse(await kubectl("get", "cronjob", cronJob, "--output=json")) as V1CronJob;
  const template = structuredClone(spec?.jobTemplate) as { metadata: object; spec: V1JobSpec };
  template.spec.backoffLimit = 0;
  changePod?.(template.spec.template.spec as V1PodSpec);
  changeJob?.(template.spec);
  const labels = { ...metadata?.labels, "upkeep-test/run": name };
  template.metadata = { labels };

  const owner = by === "template" ? `job/${name}` : `cronjob/${name}`;
  await create(
    by === "template"
      ? { apiVersion: "batch/v1", kind: "Job", metadata: { name, labels }, spec: template.spec }
      : {
          apiVersion: "batch/v1",
          kind: "CronJob",
          metadata: { name, labels },
          spec: { ...spec, schedule: "* * * * *", jobTemplate: template },
        },
  );
  try {
    const started = by === "template" ? name : await startedBy(name);
    const [ended] = await Promise.all([end(started), during?.(under(started))]);
    return ended;
  } finally {
    await kubectl("delete", owner, "--cascade=foreground", "--wait=false");
  }

  /** The Job that the controller starts within the next minute. */
  async function startedBy(cron: string): Promise<string> {
    for (;;) {
      const jobs = await kubectl("get", "jobs", `--selector=upkeep-test/run=${cron}`, "--output=name");
      if (jobs !== "") {
        await kubectl("patch", "cronjob", cron, "--type=merge", '--patch={"spec":{"suspend":true}}');
        return jobs.split("\n")[0]?.replace("job.batch/", "") as string;
      }
      await sleep(POLL_MILLISECONDS);
    }
  }

  async function end(job: string): Promise<Ended> {
    const { type, reason = "", message = "" } = await jobEnd(sandbox, namespace, job);
    const pods = await podsOf(job);
    const succeeded = type === "Complete";
    const log = [...(await Promise.all(pods.map(logOf))), ...reasonsOf(pods.at(-1)), message].join("\n");
    return { succeeded, reason: succeeded ? "" : reason, exits: exitsOf(pods.at(-1)), log, pods: pods.length };
  }

  /** The pods of a Job, the oldest first. */
  async function podsOf(job: string): Promise<V1Pod[]> {
    const list = await kubectl(
      ...["get", "pods", `--selector=batch.kubernetes.io/job-name=${job}`, "--output=json"],
      "--sort-by=.metadata.creationTimestamp",
    );
    return (JSON.parse(list) as { items: V1Pod[] }).items;
  }

  async function logOf({ metadata: pod, spec: podSpec }: V1Pod): Promise<string> {
    const containers = [...(podSpec?.initContainers ?? []), ...(podSpec?.containers ?? [])] as V1Container[];
    const logs = containers.map(({ name: container }) =>
      // One that never started printed nothing.
      kubectl("logs", pod?.name as string, `--container=${container}`).catch(() => ""),
    );
    return (await Promise.all(logs)).join("\n");
  }

  function under(job: string): Run {
    const running = async (container: string) => {
      for (;;) {
        const pod = (await podsOf(job)).at(-1);
        const found = statusesOf(pod).find((status) => status.name === container);
        if (found?.state?.running) return pod as V1Pod;
        if (found?.state?.terminated) throw new Error(`container ${container} ended before the fault reached it`);
        await sleep(POLL_MILLISECONDS / 2);
      }
    };
    return {
      running,
      async signal(container, signal) {
        const pod = await running(container);
        const status = statusesOf(pod).find(({ name: one }) => one === container);
        const id = (status?.containerID ?? "").replace("containerd://", "");
        let processes = await processesOf(id);
        if (processes.length === 0) throw new Error(`container ${container} ended before the signal reached it`);
        // A container's first process ignores SIGTERM and ends when those that it started end: they may just have ended.
        for (; processes.length > 0; processes = await processesOf(id)) {
          // Its first process last: with it all others end.
          for (const process_ of processes.reverse()) send(process_, signal);
        }
      },
      async evict() {
        const name_ = (await podsOf(job)).at(-1)?.metadata?.name as string;
        const eviction = {
          apiVersion: "policy/v1",
          kind: "Eviction",
          metadata: { name: name_, namespace },
          deleteOptions: { gracePeriodSeconds: 1 },
        };
        const path = `/api/v1/namespaces/${namespace}/pods/${name_}/eviction`;
        await sandbox.run("kubectl", ["create", "--raw", path, "--filename=-"], JSON.stringify(eviction));
      },
      async reachDeadline() {
        await kubectl("patch", "job", job, "--type=merge", '--patch={"spec":{"activeDeadlineSeconds":1}}');
      },
    };
  }
}

function statusesOf(pod: V1Pod | undefined): V1ContainerStatus[] {
  return [...(pod?.status?.initContainerStatuses ?? []), ...(pod?.status?.containerStatuses ?? [])];
}

function exitsOf(pod: V1Pod | undefined): Record<string, number> {
  const ended = statusesOf(pod).flatMap(({ name, state }) =>
    state?.terminated ? [[name, state.terminated.exitCode] as const] : [],
  );
  return Object.fromEntries(ended);
}

/** Why containers failed, in the node's words, such as `dump: OOMKilled`. */
function reasonsOf(pod: V1Pod | undefined): string[] {
  return statusesOf(pod).flatMap(({ name, state }) =>
    state?.terminated?.exitCode ? [`${name}: ${state.terminated.reason}`] : [],
  );
}

/** One that has ended meanwhile needs no signal. */
function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The processes of a container as this machine numbers them, the oldest first. */
async function processesOf(container: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const cgroup = await readFile(`/proc/${entry}/cgroup`, "utf8").catch(() => "");
    if (container !== "" && cgroup.includes(container)) found.push(Number(entry));
  }
  return found.sort((a, b) => a - b);
}
