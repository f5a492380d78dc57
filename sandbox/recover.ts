import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, ownEngine, policyPack, sandboxEngine } from "./engine.ts";
import { knownStack } from "./preview.ts";
import { say, step } from "./progress.ts";
import { clone, settings } from "./settings.ts";

/** AWS refuses to create what exists under the same name; the input that is the name is also what an import asks for. */
const named: Record<string, string> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:iam/role:Role": "name",
  "aws:kms/alias:Alias": "name",
};

/**
 * `make recover STACK=…`, after the engine was killed in the middle of an `up`: nothing is lost and nothing is doubled.
 * docs/recover.md says why it takes these steps.
 */
export async function run(args: string[]): Promise<void> {
  const stack = await knownStack(args[0]);
  const engine = stack === "sandbox" ? await sandboxEngine(settings()) : await ownEngine();
  await step("ending what the killed engine left behind", async () => {
    for (const pid of await orphans()) {
      say(`  process ${pid}`);
      process.kill(pid, "SIGKILL");
    }
  });
  await step("releasing the lock", () => engine.ask(["cancel", "--yes", "--stack", stack]));
  await step("refreshing, pending creates cleared", () =>
    engine.run(["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", stack]),
  );
  await step("importing what exists in AWS and the state does not know", () => importNamed(engine, stack));
  await step("deploying, with objects that exist already taken over", () =>
    engine.run(["up", "--yes", "--stack", stack, "--policy-pack", policyPack], {
      env: { ...engine.environment, PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" },
    }),
  );
  // The switch above is an input of the provider: without it the next `up` would show an update.
  await step("deploying once more, without the switch", () =>
    engine.run(["up", "--yes", "--stack", stack, "--policy-pack", policyPack]),
  );
}

/** What `pulumi preview --import-file` writes for each resource that the state lacks. */
interface ImportFile {
  nameTable?: Record<string, string>;
  resources: { type: string; name: string; id?: string; parent?: string; provider?: string; component?: boolean }[];
}

/** Imports what was made in AWS just before the kill. Settings and policies need nothing: putting them again is no error. */
async function importNamed(engine: Engine, stack: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "upkeep-recover-"));
  try {
    const file = join(folder, "import.json");
    const digest = JSON.parse(await engine.ask(["preview", "--stack", stack, "--json", "--import-file", file])) as {
      steps: { op: string; urn: string; newState?: { type: string; inputs?: Record<string, string> } }[];
    };
    const { nameTable, resources } = JSON.parse(await readFile(file, "utf8")) as ImportFile;
    for (const { op, urn, newState } of digest.steps) {
      const id = newState?.inputs?.[named[newState.type] ?? ""];
      const resource = resources.find(({ type, name }) => type === newState?.type && urn.endsWith(`::${name}`));
      if (op !== "create" || !id || !resource) continue;
      await writeFile(
        file,
        JSON.stringify({ nameTable, resources: [...ancestors(resources, resource), { ...resource, id }] }),
      );
      const flags = ["--yes", "--skip-preview", "--protect", "--generate-code=false"];
      // What does not exist cannot be imported; the `up` creates it.
      await engine.ask(["import", "--file", file, "--stack", stack, ...flags]).then(
        () => say(`  ${id}: imported`),
        () => say(`  ${id}: does not exist`),
      );
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The components and the provider that a resource needs and that the state lacks as well. */
function ancestors(
  resources: ImportFile["resources"],
  { parent, provider }: ImportFile["resources"][number],
): ImportFile["resources"] {
  return resources
    .filter(
      ({ name, type, component }) =>
        (component && name === parent) || (type.startsWith("pulumi:providers:") && name === provider),
    )
    .flatMap((found) => [...ancestors(resources, found), found]);
}

/** Language hosts and programs of this project whose engine is gone: a killed engine does not take them along. */
async function orphans(): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    try {
      const [command, status, cwd] = await Promise.all([
        readFile(`/proc/${pid}/cmdline`, "utf8"),
        readFile(`/proc/${pid}/status`, "utf8"),
        readlink(`/proc/${pid}/cwd`),
      ]);
      const ofEngine = /pulumi-language-nodejs|@pulumi\/pulumi\/cmd\/run|pulumi-resource-|policies\/upkeep/.test(
        command,
      );
      if (ofEngine && /^PPid:\t1$/m.test(status) && cwd.startsWith(clone)) found.push(pid);
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}
