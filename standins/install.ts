import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { clone, packed, repository } from "../cli/common/paths.ts";

export const providers = ["kubernetes", "aws", "random"];

/** How the stand-ins of one engine are installed. */
export interface StandIns {
  /** The program of a plugin that takes the place of a provider's stand-in. */
  instead?: Record<string, string>;
  /** What each is started with; `Mode` in operations.ts says what they mean. */
  flags?: ("--offline" | "--invents")[];
  /** Versions by provider that the engine may ask for too, beside those of the installed packages. */
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
      const all = new Set([await packageVersion(repository, name), versions[name]].filter((one) => one !== undefined));
      await Promise.all([...all].map((version) => install(pulumiHome, name, command, version)));
    }),
  );
}

/** @param main the program that serves the stand-in: its own, or another that adds to it */
export async function installStandIn(pulumiHome: string, name: string, main?: string): Promise<void> {
  const version = await packageVersion(repository, name);
  if (version) await install(pulumiHome, name, standIn(name, main), version);
}

function standIn(name: string, main?: string): string[] {
  if (packed) return [process.execPath, join(clone, "dist/standins", `${name}.js`)];
  return [join(clone, "node_modules/.bin/node"), main ?? join(clone, "standins", name, "main.ts")];
}

/** Of a provider's package as a folder's program finds it, or undefined: it is for this version of the plugin that an engine asks. */
export async function packageVersion(folder: string, name: string): Promise<string | undefined> {
  const file = installedFile(folder, `@pulumi/${name}/package.json`);
  return file && JSON.parse(await readFile(file, "utf8")).version;
}

function installedFile(folder: string, file: string): string | undefined {
  try {
    return createRequire(join(folder, "package.json")).resolve(file);
  } catch {
    return undefined;
  }
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
