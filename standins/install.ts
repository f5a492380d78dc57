import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { clone } from "../cli/common/paths.ts";

const providers = ["kubernetes", "aws", "random"];

/**
 * Installs the stand-ins where the engine looks for the vendors' plugins, under exactly the versions that the npm packages request.
 *
 * @param pulumiHome a PULUMI_HOME of its own: a person's holds the vendors' plugins
 */
export async function installStandIns(pulumiHome: string): Promise<void> {
  await Promise.all(providers.map((name) => install(pulumiHome, name)));
}

async function install(pulumiHome: string, name: string): Promise<void> {
  const manifest = await readFile(join(clone, "node_modules/@pulumi", name, "package.json"), "utf8");
  const folder = join(pulumiHome, "plugins", `resource-${name}-v${JSON.parse(manifest).version}`);
  const plugin = join(folder, `pulumi-resource-${name}`);
  const node = join(clone, "node_modules/.bin/node");
  const main = join(clone, "standins", name, "main.ts");
  await mkdir(folder, { recursive: true });
  await writeFile(plugin, `#!/bin/sh\nexec ${quote(node)} ${quote(main)} "$@"\n`);
  await chmod(plugin, 0o755);
}

function quote(path: string): string {
  return `'${path.replaceAll("'", `'\\''`)}'`;
}
