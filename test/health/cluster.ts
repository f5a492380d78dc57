import { jobEnd } from "../support/jobs.ts";
import type { Sandbox } from "../support/sandbox.ts";

/** How a Job ended. */
export interface Run {
  succeeded: boolean;
  exitCode: number;
  lines: string[];
}

let count = 0;

/** Has the controller run a CronJob's pod once, as `kubectl create job --from` asks for it, and waits until the Job is over. */
export async function runOnce(sandbox: Sandbox, namespace: string, cronJob: string): Promise<Run> {
  const job = `${cronJob}-${Date.now().toString().slice(0, -3)}${count++}`;
  await sandbox.kubectl("--namespace", namespace, "create", "job", job, `--from=cronjob/${cronJob}`);
  return ended(sandbox, namespace, job);
}

/** Waits until a Job is over. */
export async function ended(sandbox: Sandbox, namespace: string, job: string): Promise<Run> {
  const kubectl = (...args: string[]) => sandbox.kubectl("--namespace", namespace, ...args);
  const { type } = await jobEnd(sandbox, namespace, job);
  const exitCode = await kubectl(
    ...["get", "pods", "--selector", `batch.kubernetes.io/job-name=${job}`],
    "--output=jsonpath={.items[*].status.containerStatuses[0].state.terminated.exitCode}",
  );
  const log = await kubectl("logs", `job/${job}`);
  return { succeeded: type === "Complete", exitCode: Number(exitCode), lines: log.split("\n") };
}

/** An alert as the real Alertmanager lists it. */
export interface ListedAlert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  startsAt: string;
  endsAt: string;
}

/** What Alertmanager holds for firing, of those that match. @param matchers such as `service="mplp"` */
export async function firing(sandbox: Sandbox, ...matchers: string[]): Promise<ListedAlert[]> {
  const query = new URLSearchParams(matchers.map((matcher): [string, string] => ["filter", matcher]));
  const path = "/api/v1/namespaces/monitoring/services/alertmanager-operated:main/proxy/api/v2/alerts";
  return JSON.parse(await sandbox.kubectl("get", "--raw", `${path}?${query}`));
}
