import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { duration, step } from "../../cli/common/progress.ts";
import { cachedFolder } from "./cached.ts";
import type { Cost } from "./go.ts";
import { writeScript } from "./link.ts";
import { requireDisk } from "./requirements.ts";
import { runLogged } from "./run-logged.ts";

/** Programs of npm packages that are too large for Upkeep's own: each with its folder of `sandbox/tools/`, which pins them, and its file there. */
export const npmTools: Record<string, { folder: string; path: string }> = {
  "renovate-config-validator": { folder: "renovate", path: "node_modules/renovate/dist/config-validator.js" },
};

/** Of Renovate, the largest. */
export const npmCost: Cost = { seconds: 60, gigabytes: 1 };

/**
 * The packages that a folder of `sandbox/tools/` pins, with none of their scripts run.
 *
 * @returns the absolute path of the folder that holds their `node_modules`
 */
export async function npmPackages(name: string): Promise<string> {
  const source = join(import.meta.dirname, name);
  const files = ["package.json", "package-lock.json"];
  const contents = await Promise.all(files.map((file) => readFile(join(source, file))));
  return cachedFolder(`tools/npm-${name}`, contents, async (folder) => {
    await requireDisk(`installing ${name}`, npmCost.gigabytes, [folder]);
    for (const file of files) await cp(join(source, file), join(folder, file));
    const install = () =>
      runLogged(`installing ${name}`, "npm", ["ci", "--ignore-scripts", "--omit=optional", "--prefix", folder]);
    await step(`install ${name}`, install, duration(npmCost.seconds));
  });
}

/** The program as a script that starts it with the Node on PATH. */
export async function npmProgram(name: string, from: { folder: string; path: string }): Promise<string> {
  const root = await npmPackages(from.folder);
  const folder = await cachedFolder(`tools/${name}`, [root, from.path], async (partial) => {
    await writeScript(join(partial, name), [`exec node '${join(root, from.path)}' "$@"`]);
  });
  return join(folder, name);
}
