import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { engineIn } from "../../cli/engine.ts";
import { copyOfClone } from "../support/copyOfClone.ts";

/** A sandbox beside the one of `make up`, in a copy of the clone and a slot of its own; without a node, for no pod has to run. */
export interface SecondSandbox {
  folder: string;
  slot: string;
  environment: Record<string, string>;
  /** All that the program declares, as the API, S3 and the state know it, without what differs from run to run. */
  everything(): Promise<unknown>;
  /** Takes away all that the program made, buckets included. */
  clear(): Promise<void>;
  remove(): Promise<void>;
}

const slot = "9";
const kinds =
  "cronjob,networkpolicy,prometheusrule,serviceaccount,role,rolebinding,secret,horizontalpodautoscaler,poddisruptionbudget";
const bucket = "mplp-backups-sandbox-123456789012-eu-central-1";

/** The service's file in the copy. */
const withOneDatastore = `import { mplp as whole } from "../whole/mplp.ts";
export const mplp = {
  ...whole,
  datastores: whole.datastores.filter(({ name }) => name === "main"),
  backups: whole.backups.filter(({ datastore }) => datastore === "main"),
};
`;

export async function secondSandbox(): Promise<SecondSandbox> {
  const folder = await copyOfClone("upkeep-second-");
  // One service with one datastore is enough to be killed in; it has a resource of almost every kind.
  const stack = join(folder, "Pulumi.sandbox.yaml");
  const settingsOfAll = readFileSync(stack, "utf8").replace(/^ {2}upkeep:services: .*$/m, "  upkeep:services: [mplp]");
  // What differs of a datastore that is not declared would be refused.
  writeFileSync(stack, settingsOfAll.replaceAll(/^ +mplp\/(?:cache|configuration): .*\n/gm, ""));
  mkdirSync(join(folder, "whole"));
  renameSync(join(folder, "services/mplp.ts"), join(folder, "whole/mplp.ts"));
  writeFileSync(join(folder, "services/mplp.ts"), withOneDatastore);

  const inSecond = (code: string) =>
    execa(process.execPath, ["--input-type=module", "--eval", code], {
      cwd: folder,
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
    });
  const settings = `(await import("${folder}/sandbox/settings.ts")).settings("${slot}", false)`;
  await inSecond(`await (await import("${folder}/sandbox/start.ts")).startSandbox(${settings})`);
  // An `up` is refused where what it refers to does not exist.
  await inSecond(`await (await import("${folder}/sandbox/world/index.ts")).declareWorld(${settings})`);

  const directory = join(folder, ".sandbox");
  const { environment } = await engineIn(directory);
  const run = async (command: string, ...args: string[]) => {
    const tools = { KUBECONFIG: join(directory, "kubeconfig"), AWS_CONFIG_FILE: join(directory, "aws/config") };
    const credentials = { AWS_SHARED_CREDENTIALS_FILE: join(directory, "aws/credentials"), AWS_PROFILE: "sandbox" };
    const { stdout } = await execa(command, args, {
      cwd: folder,
      env: { ...environment, ...tools, ...credentials },
      extendEnv: false,
      stdin: "ignore",
    });
    return stdout;
  };
  await run("pulumi", "stack", "select", "--create", "--stack", "sandbox");

  return {
    folder,
    slot,
    environment,
    async everything() {
      const [found, settingsOfBucket, known] = await Promise.all([objects(run), bucketSettings(run), state(run)]);
      return { objects: found, bucket: settingsOfBucket, state: known };
    },
    async clear() {
      await run("kubectl", "delete", kinds, "--all-namespaces", "--selector=app.kubernetes.io/managed-by=upkeep");
      await run("pulumi", "stack", "rm", "--yes", "--force", "--preserve-config", "--stack", "sandbox");
      await run("pulumi", "stack", "select", "--create", "--stack", "sandbox");
      await run("aws", "s3api", "delete-bucket", "--bucket", bucket);
      await run("aws", "--profile", "sandbox-settings", "s3api", "delete-bucket", "--bucket", bucket);
    },
    async remove() {
      await inSecond(`await (await import("${folder}/sandbox/stop.ts")).stopSandbox(${settings})`);
      rmSync(folder, { recursive: true });
    },
  };
}

type Run = (command: string, ...args: string[]) => Promise<string>;

async function objects(run: Run): Promise<unknown> {
  const list = JSON.parse(
    await run(
      "kubectl",
      "get",
      kinds,
      "--all-namespaces",
      "--selector=app.kubernetes.io/managed-by=upkeep",
      "--output=json",
    ),
  );
  return list.items.map((object: { metadata: Record<string, unknown> }) => ({
    ...object,
    // Controllers write it in their own time.
    status: undefined,
    metadata: {
      ...object.metadata,
      uid: undefined,
      resourceVersion: undefined,
      creationTimestamp: undefined,
      generation: undefined,
    },
  }));
}

/** Each setting of the bucket: from SeaweedFS, and from moto what SeaweedFS lacks. */
async function bucketSettings(run: Run): Promise<unknown> {
  const ask = async (profile: string, what: string) =>
    JSON.parse((await run("aws", "--profile", profile, "s3api", what, "--bucket", bucket, "--output=json")) || "{}");
  const asked = await Promise.all([
    ask("sandbox", "get-bucket-versioning"),
    ask("sandbox", "get-object-lock-configuration"),
    ask("sandbox", "get-bucket-encryption"),
    ask("sandbox", "get-bucket-ownership-controls"),
    ask("sandbox", "get-bucket-policy"),
    ask("sandbox", "get-bucket-lifecycle-configuration"),
    ask("sandbox-settings", "get-public-access-block"),
  ]);
  const buckets = await run("aws", "s3api", "list-buckets", "--query", "Buckets[].Name", "--output=json");
  return [...asked, JSON.parse(buckets)];
}

const volatile = ["created", "modified", "id", "provider", "outputs"];

/** The state's resources, without times, identities and what the API numbers; dependencies are sets. */
async function state(run: Run): Promise<unknown> {
  const exported = await run("pulumi", "stack", "export", "--show-secrets", "--stack", "sandbox");
  const { deployment } = JSON.parse(exported, (key, value) => {
    if (volatile.includes(key)) return undefined;
    return key === "dependencies" ? value.sort() : value;
  });
  const resources = deployment.resources as { urn: string }[];
  return {
    resources: resources.sort((a, b) => a.urn.localeCompare(b.urn)),
    pending: deployment.pending_operations ?? [],
  };
}
