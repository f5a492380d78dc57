import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { isRestored, restoreJob } from "../domain/backup/drill.ts";
import { drillsPrefix, goldenPrefix, manifestsPrefix } from "../domain/backup/layout.ts";
import { bucketName } from "../domain/bucket/bucket.ts";
import { datastoreOf, namespaceOf } from "../domain/declaration/datastoreOf.ts";
import type { Backup, Service } from "../domain/declaration/service.ts";
import type { Environment } from "../domain/environment/environment.ts";
import { Problem } from "./common/problem.ts";
import { declared } from "./declared.ts";
import { knownStack } from "./preview.ts";

/** How many of a backup's runs are listed without --all. */
const SHOWN = 10;

/**
 * `make backups-of SERVICE=… STACK=…`: what can be restored of a service, newest first, each as the variable that a restore takes, and the
 * command that shows how to start one. It lists the bucket by the AWS CLI, with the rights of whoever calls it, and reads no object.
 */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { service: { type: "string" }, all: { type: "boolean" } },
    allowPositionals: true,
  });
  const stack = await knownStack("backups-of SERVICE=<service>", positionals[0]);
  const { environment, maintained, retired } = await declared(stack);
  const services = [...maintained, ...retired];
  const service = services.find(({ name }) => name === values.service);
  if (!service) {
    const names = services.map(({ name }) => name).sort();
    throw new Problem(
      `${values.service ? `"${values.service}" is not a service of ${stack}` : "no SERVICE given"}; allowed: ${names.join(", ")}. Try: make backups-of SERVICE=${names[0]} STACK=${stack}`,
    );
  }
  for (const backup of service.backups) {
    const bucket = bucketName(service.name, environment);
    const keys = await listed(environment, bucket, backup.prefix);
    process.stdout.write(`${shown(service, backup, bucket, keys, values.all ? Number.POSITIVE_INFINITY : SHOWN)}\n`);
  }
  if (service.backups.length === 0) process.stdout.write(`${service.name} declares no backup\n`);
}

/** The keys of a backup's manifests, golden copies and records of drills, hidden ones too: a legal hold keeps what the lifecycle has hidden. */
async function listed({ aws }: Environment, bucket: string, prefix: string): Promise<string[]> {
  const folders = [manifestsPrefix({ prefix }), goldenPrefix({ prefix }), drillsPrefix({ prefix })];
  const keys = await Promise.all(
    folders.map(async (folder) => {
      const list = ["s3api", "list-object-versions", "--bucket", bucket, "--prefix", folder];
      const options = ["--query", "Versions[].Key", "--output", "json", "--region", aws.region];
      const output = await awsCli([...list, ...options, ...(aws.profile ? ["--profile", aws.profile] : [])], {
        ...(aws.configFiles?.[0] && { AWS_CONFIG_FILE: aws.configFiles[0] }),
        ...(aws.credentialsFiles?.[0] && { AWS_SHARED_CREDENTIALS_FILE: aws.credentialsFiles[0] }),
      });
      return (JSON.parse(output || "null") as string[] | null) ?? [];
    }),
  );
  return [...new Set(keys.flat())];
}

async function awsCli(args: string[], variables: Record<string, string>): Promise<string> {
  try {
    const env = { ...process.env, ...variables };
    return (await promisify(execFile)("aws", args, { env, maxBuffer: 2 ** 28 })).stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT") {
      throw new Problem(
        "the AWS CLI is not on PATH. Fix: install it (https://docs.aws.amazon.com/cli), or list the bucket as docs/restore-now.md says",
      );
    }
    throw new Problem(`aws ${args.slice(0, 6).join(" ")} failed: ${stderr?.trim() || error}`);
  }
}

const nameForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-f-]+$/;

/** A backup's runs, as a person chooses among them. */
function shown(service: Service, backup: Backup, bucket: string, keys: string[], most: number): string {
  const datastore = datastoreOf(service, backup);
  const namespace = namespaceOf(service, datastore ?? {});
  const runs = keys
    .flatMap((key) => {
      const [, tier = "", name = ""] = /manifests\/(\w+)\/([^/]+)\.json$/.exec(key) ?? [];
      return key.startsWith(manifestsPrefix(backup)) && nameForm.test(name) ? [{ tier, name }] : [];
    })
    .sort((one, other) => other.name.localeCompare(one.name));
  const golden = keys.some((key) => key.startsWith(goldenPrefix(backup)));
  const drill = keys
    .filter((key) => key.startsWith(drillsPrefix(backup)))
    .sort()
    .at(-1);
  const line = ({ tier, name }: { tier: string; name: string }) =>
    `  ${name.replace(nameForm, "$1-$2-$3T$4:$5:$6Z")}  ${tier.padEnd(7)}  BACKUP=${name}`;
  const restore = restoreJob(backup);
  return [
    `${backup.datastore}: ${datastore?.kind ?? "unknown"}, s3://${bucket}/${manifestsPrefix(backup)}`,
    ...(runs.length === 0 ? ["  nothing: there is no manifest"] : runs.slice(0, most).map(line)),
    ...(runs.length > most ? [`  and ${runs.length - most} older: ALL=1 lists them`] : []),
    ...(golden ? ["  the last one that passed a drill  BACKUP=golden"] : []),
    ...(drill ? [`  the last drill, with how long it took  s3://${bucket}/${drill}`] : []),
    datastore && isRestored(datastore)
      ? `  how to start: kubectl --namespace ${namespace} get cronjob ${restore} --output jsonpath='{.metadata.annotations.upkeep/start}'`
      : "  restored by hand: docs/restore-now.md",
  ].join("\n");
}
