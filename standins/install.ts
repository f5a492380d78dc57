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
  await Promise.all(providers.map((name) => install(pulumiHome, name, instead[name])));
}

async function install(pulumiHome: string, name: string, program: string | undefined): Promise<void> {
  const manifest = await readFile(join(clone, "node_modules/@pulumi", name, "package.json"), "utf8");
  const folder = join(pulumiHome, "plugins", `resource-${name}-v${JSON.parse(manifest).version}`);
  const plugin = join(folder, `pulumi-resource-${name}`);
  const standIn = [join(clone, "node_modules/.bin/node"), join(clone, "standins", name, "main.ts")];
  const command = program === undefined ? standIn : [program];
  await mkdir(folder, { recursive: true });
  // Not a link: the next script would be written through it.
  await writeFile(plugin, `#!/bin/sh\nexec ${command.map(quote).join(" ")} "$@"\n`);
  await chmod(plugin, 0o755);
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
