import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { execa } from "execa";
import { Problem } from "../cli/common/problem.ts";
import { step } from "../cli/common/progress.ts";
import type { Engine } from "../cli/engine.ts";
import type { DatastoreKind } from "../domain/declaration/datastoreOf.ts";
import type { BackupPosture, Posture } from "../domain/posture.ts";
import { sandboxEnvironment } from "./engine.ts";
import { s3Client } from "./parts/seaweedfs.ts";
import type { Settings } from "./settings.ts";

/** The posture of what is deployed. */
export async function deployedPosture(engine: Engine): Promise<Posture> {
  return JSON.parse(await engine.ask(["stack", "output", "posture", "--json", "--stack", "sandbox"])) as Posture;
}

/** A published backup, as its manifest in S3 states it: docs/backup-manifest.md. */
export interface Manifest {
  key: string;
  kind: DatastoreKind;
  bytes: number;
  startedAt: string;
}

/**
 * Starts each of the deployed backups that has published nothing yet, as its CronJob would, and waits until it has.
 *
 * @param wanted whether a backup is one of them
 */
export async function backUpOnce(
  settings: Settings,
  { services }: Posture,
  wanted: (backup: BackupPosture) => boolean = () => true,
): Promise<void> {
  const environment = await sandboxEnvironment(settings);
  const s3 = await s3Client(settings);
  try {
    await Promise.all(
      services
        .flatMap(({ backups }) => backups)
        .filter(wanted)
        .map(async (backup) => {
          if (await newestManifest(s3, backup)) return;
          await firstRun(backup.job, environment);
        }),
    );
  } finally {
    s3.destroy();
  }
}

/**
 * Runs a backup for the first time, the moment that an `up` under way has declared it. One that is declared already it leaves alone.
 *
 * @param job namespace and name of its CronJob
 * @param deployed ends the waiting for a CronJob that does not come
 */
export async function backUpOnceDeclared(settings: Settings, job: string, deployed: AbortSignal): Promise<void> {
  const environment = await sandboxEnvironment(settings);
  const { kubectl, name } = cronJob(job, environment);
  if ((await kubectl(["get", "cronjob", name])).exitCode === 0) return;
  const declared = await kubectl(["wait", `cronjob/${name}`, "--for=create", "--timeout=1h"], deployed);
  if (declared.exitCode === 0) await firstRun(job, environment);
}

function cronJob(job: string, environment: Record<string, string>) {
  const [namespace = "", name = ""] = job.split("/");
  const kubectl = (args: string[], cancelSignal?: AbortSignal) =>
    execa("kubectl", ["--namespace", namespace, ...args], {
      env: environment,
      extendEnv: false,
      preferLocal: false,
      reject: false,
      ...(cancelSignal && { cancelSignal }),
    });
  return { namespace, name, kubectl };
}

async function firstRun(job: string, environment: Record<string, string>): Promise<void> {
  await step(`first run of ${job}`, () => runOnce(job, environment));
}

async function runOnce(job: string, environment: Record<string, string>): Promise<void> {
  const { namespace, name, kubectl } = cronJob(job, environment);
  const first = `${name}-first`;
  await kubectl(["delete", "job", first, "--ignore-not-found"]);
  await kubectl(["create", "job", first, `--from=cronjob/${name}`]);
  // `kubectl wait` looks for one condition; a failed Job would be waited for until the end.
  const outcome = await kubectl([
    "wait",
    `job/${first}`,
    "--for=jsonpath={.status.conditions[-1:].type}",
    "--timeout=180s",
  ]);
  // A Job first says that it will be complete, then counts its pods, then says that it is.
  const conditions = await kubectl(["get", "job", first, "--output=jsonpath={.status.conditions[*].type}"]);
  if (/\b(SuccessCriteriaMet|Complete)\b/.test(conditions.stdout)) return;
  const log = await kubectl(["logs", `job/${first}`, "--all-containers", "--tail=15"]);
  throw new Problem(
    `the first run of ${job} did not complete: ${outcome.stderr}\n${log.stdout}\nLook: sandbox/in kubectl --namespace ${namespace} describe job ${first}`,
  );
}

/** The newest manifest that a backup has published; undefined if there is none. */
export async function newestManifest(s3: S3Client, { manifests }: BackupPosture): Promise<Manifest | undefined> {
  const { host: Bucket, pathname } = new URL(manifests);
  const prefix = { Bucket, Prefix: pathname.slice(1) };
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, prefix)) {
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
  }
  // In every tier the name begins with the time.
  const name = (key: string) => key.split("/").at(-1) as string;
  const newest = keys.sort((a, b) => (name(a) < name(b) ? -1 : 1)).at(-1);
  if (newest === undefined) return undefined;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: newest }));
  return JSON.parse((await Body?.transformToString()) ?? "") as Manifest;
}
