import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clone } from "../cli/common/paths.ts";

const providers = ["kubernetes", "aws", "random"];

/**
 * Installs the stand-ins where the engine looks for the vendors' plugins, under exactly the versions that the npm packages request.
 *
 * @param pulumiHome a PULUMI_HOME of its own: a person's holds the vendors' plugins
 * @param instead the program of a plugin that takes the place of the provider's stand-in
 */
export async function installStandIns(pulumiHome: string, instead: Record<string, string> = {}): Promise<void> {
  await Promise.all(
    providers.map((name) => {
      const program = instead[name];
      return program === undefined ? installStandIn(pulumiHome, name) : install(pulumiHome, name, [program]);
    }),
  );
}

/** @param main the program that serves the stand-in: its own, or another that adds to it */
export function installStandIn(
  pulumiHome: string,
  name: string,
  main = join(clone, "standins", name, "main.ts"),
): Promise<void> {
  return install(pulumiHome, name, [join(clone, "node_modules/.bin/node"), main]);
}

async function install(pulumiHome: string, name: string, command: string[]): Promise<void> {
  const manifest = await readFile(join(clone, "node_modules/@pulumi", name, "package.json"), "utf8");
  const folder = join(pulumiHome, "plugins", `resource-${name}-v${JSON.parse(manifest).version}`);
  const plugin = join(folder, `pulumi-resource-${name}`);
  await mkdir(folder, { recursive: true });
  // Not a link: the next script would be written through it.
  await writeFile(plugin, `#!/bin/sh\nexec ${command.map(quote).join(" ")} "$@"\n`);
  await chmod(plugin, 0o755);
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
