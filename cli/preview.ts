import { copyFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import { z } from "zod";
import type { StandIns } from "../standins/install.ts";
import { repository } from "./common/paths.ts";
import { Problem } from "./common/problem.ts";
import { stackConfig } from "./common/stackFile.ts";
import { typed } from "./common/typed.ts";
import { type Engine, engineIn } from "./engine.ts";
import { packFlags } from "./policyPack.ts";
import { withoutCluster, withoutSecrets } from "./previewedConfig.ts";

/**
 * `make preview STACK=…`: what an `up` into an empty account and cluster would do, checked by the policy pack. It needs no cloud
 * account, no cluster and no secret, and touches no tracked file.
 */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { json: { type: "boolean" }, diff: { type: "boolean" } },
    allowPositionals: true,
  });
  const flags = [values.json && "--json", values.diff && "--diff"].filter((flag) => typeof flag === "string");
  const stack = await knownStack("preview", positionals[0]);
  const pack = await packFlags(stack);
  await withPreview(stack, (engine, args) => engine.run([...args, ...pack, ...flags]));
}

/** A resource as a preview would create it. */
const Step = z.object({
  newState: z.object({ type: z.string(), inputs: z.record(z.string(), z.unknown()).default({}) }),
});
export type PreviewedResource = z.infer<typeof Step>["newState"];

/** All resources that an `up` of the stack into an empty account and cluster would create. @throws Problem when the preview fails */
export async function previewedResources(stack: string): Promise<PreviewedResource[]> {
  const pack = await packFlags(stack);
  const output = await withPreview(stack, (engine, args) => engine.ask([...args, ...pack, "--json"])).catch(() => {
    // With --json the engine's messages are in its output, between all that it previewed.
    throw new Problem(`the preview of ${stack} fails. To see why: make preview STACK=${stack}`);
  });
  const { steps } = z.object({ steps: z.array(Step) }).parse(JSON.parse(output));
  return steps.map(({ newState }) => newState);
}

/** What a preview starts from. */
export interface Start {
  /** Holds the program and the stack's file. Default: the repository. */
  folder?: string;
  /** How the stand-ins are installed. */
  standIns?: Omit<StandIns, "instead">;
  /** What `pulumi stack import` reads. Default: nothing exists. */
  state?: object;
}

/** @param preview is given the arguments of a preview, and a folder for its files */
export async function withPreview<T>(
  stack: string,
  preview: (engine: Engine, args: string[], scratch: string) => Promise<T>,
  { folder = repository, standIns, state }: Start = {},
): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), "upkeep-preview-"));
  try {
    // `stack init` writes to the configuration that it finds, and a secrets provider there would need a cloud account.
    await copyFile(join(folder, "Pulumi.yaml"), join(scratch, "Pulumi.yaml"));
    const configuration = join(scratch, `Pulumi.${stack}.yaml`);
    const config = await stackConfig(stack, folder);
    await writeFile(configuration, stringify({ config: withoutSecrets(withoutCluster(stack, config)) }));
    const engine = await engineIn(scratch, { KUBECONFIG: "/dev/null" }, standIns);
    await engine.ask(["--cwd", scratch, "stack", "init", "--stack", stack, "--no-select"]);
    if (state) {
      const file = join(scratch, "state.json");
      await writeFile(file, JSON.stringify(state));
      await engine.ask(["--cwd", scratch, "stack", "import", "--stack", stack, "--file", file]);
    }
    return await preview(engine, ["preview", "--stack", stack, "--config-file", configuration], scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @param command as typed after `make` or `upkeep`. @throws Problem naming the stacks that there are */
export async function knownStack(command: string, stack: string | undefined): Promise<string> {
  const files = await readdir(repository);
  const stacks = files.map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]).filter((name) => name !== undefined);
  if (stack && stacks.includes(stack)) return stack;
  throw new Problem(
    `${stack ? `"${stack}" is not a stack` : "no stack given"}; allowed: ${stacks.sort().join(", ") || "none, for there is no Pulumi.<stack>.yaml"}. Try: ${typed(command, stacks[0])}`,
  );
}
