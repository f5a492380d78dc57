import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type SecondSandbox, secondSandbox } from "../support/secondSandbox.ts";

/** A sandbox whose only service has one datastore: it is enough to be killed in, and has a resource of almost every kind. */
export interface OneDatastore extends SecondSandbox {
  /** All that the program declares, as the API, S3 and the state know it, without what differs from run to run. */
  everything(): Promise<unknown>;
  /** Takes away all that the program made, buckets included. */
  clear(): Promise<void>;
}

const kinds =
  "cronjob,networkpolicy,prometheusrule,serviceaccount,role,rolebinding,secret,configmap,horizontalpodautoscaler,poddisruptionbudget";
const bucket = "mplp-backups-sandbox-123456789012-eu-central-1";

/** The service's file in the copy. */
const withOneDatastore = `import { mplp as whole } from "../whole/mplp.ts";
export const mplp = {
  ...whole,
  datastores: whole.datastores.filter(({ name }) => name === "main"),
  backups: whole.backups.filter(({ datastore }) => datastore === "main"),
};
`;

export async function oneDatastore(slot = "9"): Promise<OneDatastore> {
  const sandbox = await secondSandbox(slot, reduce);
  const { run } = sandbox;
  return {
    ...sandbox,
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
  };
}

function reduce(folder: string): void {
  const stack = join(folder, "Pulumi.sandbox.yaml");
  const settingsOfAll = readFileSync(stack, "utf8").replace(/^ {2}upkeep:services: .*$/m, "  upkeep:services: [mplp]");
  // What differs of a datastore that is not declared would be refused.
  writeFileSync(stack, settingsOfAll.replaceAll(/^ +mplp\/(?:cache|configuration): .*\n/gm, ""));
  mkdirSync(join(folder, "whole"));
  renameSync(join(folder, "services/mplp.ts"), join(folder, "whole/mplp.ts"));
  writeFileSync(join(folder, "services/mplp.ts"), withOneDatastore);
}

type Run = SecondSandbox["run"];

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
