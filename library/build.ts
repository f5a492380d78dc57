import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");

/** Declarations as a project of CommonJS modules needs them. */
const commonjs = join(dist, "commonjs");

/**
 * `npm run build`: compiles the library to `dist/`, with the clone's folders. There is one copy of the code, as ES modules, also for
 * `require`: two copies of a class would not be `instanceof` each other. Only the declarations exist twice, because TypeScript
 * takes a declaration's module format from the nearest package.json, and refuses those of an ES module in a CommonJS project (TS1479).
 */
rmSync(dist, { recursive: true, force: true });
execFileSync(join(root, "node_modules/.bin/tsc"), ["--project", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
for (const bundle of [["components/jobs/bundlePrograms.ts", "dist/programs"], ["library/commands.ts"]]) {
  execFileSync(process.execPath, bundle, { cwd: root, stdio: "inherit" });
}

for (const file of globSync("**/*.d.ts", { cwd: dist })) {
  mkdirSync(dirname(join(commonjs, file)), { recursive: true });
  cpSync(join(dist, file), join(commonjs, file));
}
writeFileSync(join(commonjs, "package.json"), '{ "type": "commonjs" }\n');
