import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../support/sandbox.ts";
import { manifests, namespace, patchSchedule } from "./job.ts";

/** The controller needs up to 10 seconds to see a new schedule, and what is due in between would not start. */
const LEAD_MILLISECONDS = 75_000;
const LONGEST_SECONDS = 180;

/**
 * Moves a CronJob's schedule to the next minutes and waits until the controller has started it and its pod has published.
 *
 * @returns the name of the one manifest that is new
 */
export async function firedByItself(sandbox: Sandbox, job: string, prefix: string): Promise<string> {
  const before = await manifests(sandbox, prefix);
  const next = new Date(Date.now() + LEAD_MILLISECONDS);
  const declared = await patchSchedule(sandbox, job, `${next.getUTCMinutes()} ${next.getUTCHours()} * * *`);
  let published: string[] = [];
  for (let waited = 0; waited < LONGEST_SECONDS && published.length === 0; waited += 3) {
    await sleep(3000);
    published = (await manifests(sandbox, prefix)).filter((name) => !before.includes(name));
  }
  await patchSchedule(sandbox, job, declared);
  assert.equal(published.length, 1, `${published.length} manifests within 3 minutes`);

  // The controller stamps each Job that it starts with the minute that it was due.
  const due = await sandbox.kubectl(
    ...["--namespace", namespace, "get", "jobs", "--selector", `upkeep/job=${job}`],
    "--output=jsonpath={.items[*].metadata.annotations.batch\\.kubernetes\\.io/cronjob-scheduled-timestamp}",
  );
  next.setUTCSeconds(0, 0);
  const minute = next.toISOString().replace(".000", "");
  assert.ok(due.split(" ").includes(minute), `no Job of ${minute}, but of ${due}`);
  return published[0] as string;
}
