// JavaScript, because Pulumi's host for policy packs puts TypeScript 3.8 in front of a TypeScript main.
import { existsSync } from "node:fs";

// In a clone Node strips the types of the sources. The package holds them compiled: Node strips nothing below node_modules.
const inClone = existsSync(new URL("pack.ts", import.meta.url));
if (inClone && !process.features.typescript) {
  console.error(
    `upkeep-policies: Node is ${process.version}; needed: 22.18 or later. Fix: put a newer node first on PATH`,
  );
  process.exit(1);
}
// Imported, for the host's ts-node takes what is required; and not awaited, for the host requires this file.
import(inClone ? "./pack.ts" : "../dist/policies/pack.js");
