import { execa } from "execa";
import type { BackupPosture, Posture } from "../domain/posture.ts";
import { type Engine, sandboxEnvironment } from "./engine.ts";
import { Problem } from "./problem.ts";
import { step } from "./progress.ts";
import type { Settings } from "./settings.ts";

/** The posture of what is deployed. */
export async function deployedPosture(engine: Engine): Promise<Posture> {
  return JSON.parse(await engine.ask(["stack", "output", "posture", "--json", "--stack", "sandbox"])) as Posture;
}

/** A published backup, as its manifest in S3 states it: docs/backup-manifest.md. */
export type Manifest = { key: string; bytes: number; startedAt: string } & (
  | { kind: "postgres"; tables: { name: string; rows: number }[] }
  | { kind: "redis"; databases: { database: number; keys: number }[] }
  | { kind: "configuration"; objects: { kind: string; count: number }[] }
);

/** Starts each backup that has published nothing yet, as its CronJob would, and waits until it has. */
export async function backUpOnce(settings: Settings, engine: Engine): Promise<void> {
  const environment = await sandboxEnvironment(settings);
  const { services } = await deployedPosture(engine);
  await Promise.all(
    services
      .flatMap(({ backups }) => backups)
      .map(async (backup) => {
        if (await newestManifest(settings, backup)) return;
        await step(`first run of ${backup.job}`, () => runOnce(backup, environment));
      }),
  );
}

async function runOnce({ job, datastore }: BackupPosture, environment: Record<string, string>): Promise<void> {
  const [namespace = "", name = ""] = job.split("/");
  const first = `${name}-first`;
  const kubectl = (...args: string[]) =>
    execa("kubectl", ["--namespace", namespace, ...args], {
      env: environment,
      extendEnv: false,
      preferLocal: false,
      reject: false,
    });
  await kubectl("delete", "job", first, "--ignore-not-found");
  await kubectl("create", "job", first, `--from=cronjob/${name}`);
  // `kubectl wait` looks for one condition; a failed Job would be waited for until the end.
  const outcome = await kubectl(
    "wait",
    `job/${first}`,
    "--for=jsonpath={.status.conditions[-1:].type}",
    "--timeout=180s",
  );
  const done = await kubectl("get", "job", first, "--output=jsonpath={.status.succeeded}");
  if (done.stdout === "1") return;
  const log = await kubectl("logs", `job/${first}`, "--all-containers", "--tail=15");
  throw new Problem(
    `the first backup of ${datastore} did not complete: ${outcome.stderr}\n${log.stdout}\nLook: sandbox/in kubectl --namespace ${namespace} describe job ${first}`,
  );
}

/** The newest manifest that a backup has published; undefined where there is none. */
export async function newestManifest(settings: Settings, { manifests }: BackupPosture): Promise<Manifest | undefined> {
  const environment = await sandboxEnvironment(settings);
  const aws = (...args: string[]) =>
    execa("aws", args, { env: environment, extendEnv: false, preferLocal: false, reject: false });
  const { stdout } = await aws("s3", "ls", manifests);
  const newest = stdout.trim().split("\n").at(-1)?.split(/\s+/).at(-1);
  if (!newest) return undefined;
  return JSON.parse((await aws("s3", "cp", `${manifests}${newest}`, "-")).stdout) as Manifest;
}
