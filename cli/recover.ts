import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { clone } from "./common/paths.ts";
import { say, step } from "./common/progress.ts";
import { engineOf } from "./engine.ts";
import { importExisting, type Wanted } from "./importExisting.ts";
import { packFlags } from "./policyPack.ts";
import { knownStack } from "./preview.ts";

/** AWS refuses to create a resource with an existing name; the input with the name is also the import id. */
const named: Record<string, string> = {
  "aws:s3/bucket:Bucket": "bucket",
  "aws:iam/role:Role": "name",
  "aws:kms/alias:Alias": "name",
};

/**
 * `make recover STACK=…`, after the engine was killed during an `up`: repairs the state without losing or duplicating resources. See
 * docs/recover.md for the reasons of each step.
 */
export async function run(args: string[]): Promise<void> {
  const stack = await knownStack("recover", args[0]);
  const pack = await packFlags(stack);
  const engine = await engineOf(stack);
  await step("ending what the killed engine left behind", async () => {
    // A language host that ends leaves its program running: it becomes an orphan only then.
    for (let found = await orphans(); found.length > 0; found = await orphans()) {
      for (const pid of found) {
        say(`  process ${pid}`);
        process.kill(pid, "SIGKILL");
      }
      await sleep(100);
    }
  });
  await step("releasing the lock", () => engine.ask(["cancel", "--yes", "--stack", stack]));
  await step("refreshing, pending creates cleared", () =>
    engine.run(["refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", stack]),
  );
  await step("importing what exists in AWS and the state does not know", async () => {
    const idOf = ({ type, inputs }: Wanted) => inputs[named[type] ?? ""] as string | undefined;
    const { imported, refused } = await importExisting(engine, stack, idOf, true);
    for (const id of imported) say(`  ${id}: imported`);
    for (const { id } of refused) say(`  ${id}: does not exist`);
  });
  await step("deploying, with objects that exist already taken over", () =>
    engine.run(["up", "--yes", "--stack", stack, ...pack], {
      env: { ...engine.environment, PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" },
    }),
  );
  // The switch above is an input of the provider: without it the next `up` would show an update.
  await step("deploying once more, without the switch", () =>
    engine.run(["up", "--yes", "--skip-preview", "--stack", stack, ...pack]),
  );
}

/** Language hosts and programs of this project whose engine has ended: a killed engine does not stop them. */
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
      // It ended in the meantime.
    }
  }
  return found;
}
