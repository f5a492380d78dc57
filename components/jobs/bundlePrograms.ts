/** `node components/jobs/bundlePrograms.ts <folder>`: the programs as the packed library carries them. Part of `npm run build`. */
import { cpSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { bundled } from "./bundle.ts";

const programs = resolve(import.meta.dirname, "../../programs");
const [target] = process.argv.slice(2);
if (target === undefined)
  throw new Error("the output folder is missing. Fix: node components/jobs/bundlePrograms.ts dist/programs");

for (const name of globSync("**/*.{sh,ts}", { cwd: programs })) {
  const to = join(target, name.replace(/ts$/, "js"));
  mkdirSync(dirname(to), { recursive: true });
  if (name.endsWith(".ts")) writeFileSync(to, bundled(name));
  else cpSync(join(programs, name), to);
}
