import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clone } from "../cli/common/paths.ts";

const providers = ["kubernetes", "aws", "random"];

/** How the stand-ins of one engine are installed. */
export interface StandIns {
  /** The program of a plugin that takes the place of a provider's stand-in. */
  instead?: Record<string, string>;
  /** What each is started with; `Mode` in operations.ts says what they mean. */
  flags?: ("--offline" | "--invents")[];
  /** Versions by provider that the engine may ask for too, beside those of the clone's packages. */
  versions?: Record<string, string>;
}

/**
 * Installs the stand-ins where the engine looks for the vendors' plugins, under exactly the versions that the npm packages request.
 *
 * @param pulumiHome a PULUMI_HOME of its own: a person's holds the vendors' plugins
 */
export async function installStandIns(pulumiHome: string, standIns: StandIns = {}): Promise<void> {
  const { instead = {}, flags = [], versions = {} } = standIns;
  await Promise.all(
    providers.map(async (name) => {
      const program = instead[name];
      const command = program === undefined ? [...standIn(name), ...flags] : [program];
      const all = new Set([await versionOf(name), versions[name] ?? (await versionOf(name))]);
      await Promise.all([...all].map((version) => install(pulumiHome, name, command, version)));
    }),
  );
}

/** @param main the program that serves the stand-in: its own, or another that adds to it */
export async function installStandIn(pulumiHome: string, name: string, main?: string): Promise<void> {
  await install(pulumiHome, name, standIn(name, main), await versionOf(name));
}

function standIn(name: string, main = join(clone, "standins", name, "main.ts")): string[] {
  return [join(clone, "node_modules/.bin/node"), main];
}

/** Of the clone's package. */
async function versionOf(name: string): Promise<string> {
  return JSON.parse(await readFile(join(clone, "node_modules/@pulumi", name, "package.json"), "utf8")).version;
}

async function install(pulumiHome: string, name: string, command: string[], version: string): Promise<void> {
  const folder = join(pulumiHome, "plugins", `resource-${name}-v${version}`);
  const plugin = join(folder, `pulumi-resource-${name}`);
  await mkdir(folder, { recursive: true });
  // Not a link: the next script would be written through it.
  await writeFile(plugin, `#!/bin/sh\nexec ${command.map(quote).join(" ")} "$@"\n`);
  await chmod(plugin, 0o755);
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
