// JavaScript, because Pulumi's host for policy packs puts TypeScript 3.8 in front of a TypeScript main.
import { existsSync } from "node:fs";
import module from "node:module";

// In a clone Node strips the types of the sources. The package holds them compiled: Node strips nothing below node_modules.
const inClone = existsSync(new URL("pack.ts", import.meta.url));
if (inClone && !process.features.typescript) {
  console.error(
    `upkeep-policies: Node is ${process.version}; needed: 22.18 or later. Fix: put a newer node first on PATH`,
  );
  process.exit(1);
}
// Every preview starts the pack anew; Node 20 has no such cache.
module.enableCompileCache?.();
leaveOut(["automation/index.js", "runtime/closure/codePaths.js", "runtime/closure/serializeClosure.js"]);
// Imported, for the host's ts-node takes what is required; and not awaited, for the host requires this file.
import(inClone ? "./pack.ts" : "../dist/policies/pack.js");

/**
 * Keeps the SDK from loading parts of @pulumi/pulumi that no policy calls: with TypeScript and npm's own resolver behind them they take most
 * of the pack's start. What is loaded already, by the host of a stock Pulumi, stays.
 */
function leaveOut(parts) {
  const { cache, resolve } = module.createRequire(module.createRequire(import.meta.url).resolve("@pulumi/policy"));
  for (const part of parts) {
    try {
      const path = resolve(`@pulumi/pulumi/${part}`);
      cache[path] ??= Object.assign(new module.Module(path), { filename: path, loaded: true });
    } catch {
      // Another version has no such part.
    }
  }
}
