import assert from "node:assert/strict";
import type { V1JobSpec, V1PodSpec } from "@kubernetes/client-node";
import { type Change, type Ended, run } from "./run.ts";
import {
  backups,
  dataUnder,
  expected,
  type Kind,
  type Published,
  plant,
  publishedUnder,
  restored,
  type Stage,
} from "./stage.ts";

/** One fault, and its required outcome. */
export interface Row {
  name: string;
  backup: Kind;
  /** The CronJob that meets it. Default: the one that makes the backup. */
  cronJob?: string;
  /** Who starts its Job: the test, from the CronJob's template, or the CronJob controller. Default: the test. */
  by?: "controller";
  /** Brings the fault about, from outside, around one run or more. */
  fault(scene: Scene): Promise<Met>;
  /** What proves that the fault was reached, in {@link Met.proof}. */
  reached: RegExp;
  ends: Ends;
  /** What its log says of the cause; undefined for a run that succeeds. */
  message?: RegExp;
  /** How many backups it publishes as good, and how many as suspect. */
  published: number;
  suspect?: number;
  /** How many data objects it leaves that no manifest names. */
  orphans?: number;
}

/** How the run must end: successfully, in this container with this code, or for this reason of the controller's. */
type Ends = "complete" | { container: string; exitCode: number } | { reason: string };

export interface Met {
  ended: Ended;
  /** What the fault's own side recorded of it. Default: what the run printed. */
  proof?: string;
  /** Names of manifests that the fault itself put there. */
  planted?: string[];
}

/** One row's part of the stage. */
export interface Scene {
  stage: Stage;
  /** Short name, for objects that the row needs. */
  slug: string;
  prefix: string;
  /** Runs the job in the fault. @param suffix distinguishes one run of several from the others */
  run(change: Change, suffix?: string): Promise<Ended>;
}

/** The message of a row whose fault did not happen: it has proven nothing. */
export const NOT_REACHED = "the fault was not reached";

/** A safeguard that is taken away. */
export type Mutation = (pod: V1PodSpec, job: V1JobSpec) => void;

/**
 * A run without a fault, which publishes what the rows then start from, and which holds what the live server does.
 *
 * @param by who starts the Job
 */
export async function control(stage: Stage, kind: Kind, by: "template" | "controller"): Promise<void> {
  const prefix = `${stage.prefix}control/`;
  const { cronJob } = backups[kind];
  const { succeeded, log } = await run(
    stage.sandbox,
    cronJob,
    `control-${kind}`,
    { pod: (pod) => under(pod, `${prefix}${kind}/`) },
    by,
  );
  assert.equal(succeeded, true, log);
  const published = await publishedUnder(stage, `${prefix}${kind}/`);
  assert.equal(published.length, 1, log);
  stage.controls[kind] = published[0] as Published;
  assert.equal(await restored(stage, kind, published[0] as Published), expected(stage, kind));
}

/** Plays one row, and asserts its outcome. @param mutate what is taken away from its pod */
export async function judge(stage: Stage, row: Row, mutate?: Mutation): Promise<void> {
  const { cronJob = backups[row.backup].cronJob } = row;
  const slug = `${mutate ? "mutant-" : ""}${row.name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`
    .slice(0, 36)
    .replace(/-$/, "");
  const prefix = `${stage.prefix}${slug}/`;
  const earlier = await plant(stage, row.backup, prefix);

  const {
    ended,
    proof,
    planted = [],
  } = await row.fault({
    stage,
    slug,
    prefix,
    run: (change, suffix = "") =>
      run(
        stage.sandbox,
        cronJob,
        `fault-${slug}${suffix}`,
        {
          ...change,
          pod(pod) {
            under(pod, prefix);
            change.pod?.(pod);
          },
          job(job) {
            change.job?.(job);
            mutate?.(job.template.spec as V1PodSpec, job);
          },
        },
        row.by ?? "template",
      ),
  });

  const { succeeded, exits, reason, log } = ended;
  assert.match(proof ?? log, row.reached, `${NOT_REACHED}; there was: ${proof ?? log}`);
  const said = `${JSON.stringify({ succeeded, exits, reason })}\n${log}`;
  if (row.ends === "complete") assert.equal(succeeded, true, said);
  else if ("reason" in row.ends) assert.equal(reason, row.ends.reason, said);
  else {
    assert.equal(succeeded, false, said);
    assert.equal(exits[row.ends.container], row.ends.exitCode, said);
  }
  if (row.message) assert.match(log, row.message);

  const everything = await publishedUnder(stage, prefix);
  const all = everything.filter(({ name }) => !planted.includes(name));
  const made = all.filter(({ name }) => name !== earlier.name);
  assert.equal(made.filter(({ shelf }) => shelf !== "suspect").length, row.published, "good backups published");
  assert.equal(made.filter(({ shelf }) => shelf === "suspect").length, row.suspect ?? 0, "suspect backups published");
  const named = new Set(everything.map(({ key }) => key));
  const orphans = (await dataUnder(stage, prefix)).filter((key) => !named.has(key));
  assert.equal(orphans.length, row.orphans ?? 0, `data without a manifest: ${orphans}`);

  const newest = all.filter(({ shelf }) => shelf !== "suspect").at(-1);
  assert.ok(newest, "nothing is restorable");
  if (row.published === 0) assert.equal(newest.name, earlier.name);
  for (const backup of newest.name === earlier.name ? [earlier] : [earlier, newest]) {
    assert.equal(await restored(stage, row.backup, backup), expected(stage, row.backup), `${backup.name} restores`);
  }
}

/** Lets each step that knows S3 work under a prefix. */
export function under(pod: V1PodSpec, prefix: string): void {
  for (const { env = [] } of [...(pod.initContainers ?? []), ...pod.containers])
    for (const variable of env) if (variable.name === "PREFIX") variable.value = prefix;
}

/** Sets an environment variable of one container. */
export function set(pod: V1PodSpec, container: string, name: string, value: string): void {
  const found = [...(pod.initContainers ?? []), ...pod.containers].find((one) => one.name === container);
  if (!found) throw new Error(`the pod has no container ${container}`);
  found.env = [...(found.env ?? []).filter((variable) => variable.name !== name), { name, value }];
}
