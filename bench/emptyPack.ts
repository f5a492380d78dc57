import { chmod, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clone } from "../cli/common/paths.ts";

/** Two rules that read nothing, served by the vendor's SDK. */
const pack = `
import { PolicyPack } from "@pulumi/policy";
const rule = { description: "nothing", enforcementLevel: "mandatory" };
new PolicyPack("empty", {
  policies: [{ ...rule, name: "resource", validateResource: () => {} }, { ...rule, name: "stack", validateStack: () => {} }],
});
`;

/**
 * A policy pack that judges nothing: what the engine and the SDK take for any pack. It stands in for @pulumi/awsguard, which needs
 * @pulumi/aws 4.
 *
 * @returns its folder and its executable
 */
export async function emptyPack(): Promise<{ folder: string; executable: string }> {
  const folder = await mkdtemp(join(tmpdir(), "upkeep-bench-"));
  const executable = join(folder, "empty");
  await Promise.all([
    symlink(join(clone, "node_modules"), join(folder, "node_modules")),
    writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", version: "0.0.1", type: "module" })),
    writeFile(join(folder, "index.js"), pack),
    writeFile(executable, '#!/usr/bin/env node\nprocess.chdir(import.meta.dirname);\nawait import("./index.js");\n'),
  ]);
  await chmod(executable, 0o755);
  return { folder, executable };
}
