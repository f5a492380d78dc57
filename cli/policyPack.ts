import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Configuration, configurationMessage, readConfiguration } from "../policies/configuration.ts";
import { repository } from "./common/paths.ts";
import { Problem } from "./common/problem.ts";
import { policyPack } from "./engine.ts";

/**
 * Flags of a preview or an update that the policy pack judges, as the stack's file in policies/config/ sets it. The pack refuses the same
 * mistakes; the engine reads the file first, and of some of them says less.
 *
 * @param folder that holds the file. Default: the repository of the services
 * @throws Problem when the file cannot be used
 */
export async function packFlags(stack: string, folder = repository): Promise<string[]> {
  const configuration = await packConfiguration(stack, folder);
  if (configuration === undefined) return ["--policy-pack", policyPack];
  // Pulumi's SDK comes with them, and takes longer to load than most commands run.
  const { policies } = await import("../policies/policies.ts");
  const read = readConfiguration(configuration, policies, new Date().toISOString().slice(0, 10));
  if ("faults" in read) throw new Problem(configurationMessage(fileOf(stack), read.faults));
  return ["--policy-pack", policyPack, "--policy-pack-config", join(folder, fileOf(stack))];
}

/** What a stack's file in a checkout's policies/config/ says; undefined if it has none. @throws Problem when it is no JSON object */
export async function packConfiguration(stack: string, folder: string): Promise<Configuration | undefined> {
  const file = join(folder, fileOf(stack));
  if (!existsSync(file)) return undefined;
  const found = jsonIn(await readFile(file, "utf8"));
  if (typeof found === "object" && found !== null && !Array.isArray(found)) return found as Configuration;
  throw new Problem(
    `${fileOf(stack)} is not a JSON object; allowed: policies' names with their levels and settings. Fix: see docs/policies/levels.md`,
  );
}

function fileOf(stack: string): string {
  return `policies/config/${stack}.json`;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
