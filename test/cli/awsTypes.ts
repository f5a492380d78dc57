import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { UNKNOWN } from "../../standins/values.ts";
import type { PreviewedResource } from "./previewed.ts";

const modules = join(clone, "node_modules");

const compilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  // The package's own declarations are not in question.
  skipLibCheck: true,
  module: "preserve",
  types: [],
};

/**
 * Checks inputs against the types of `@pulumi/aws`: as literals, so that a property that the type does not have is refused at
 * any depth. What is UNKNOWN passes.
 *
 * @returns the compiler's messages, each after the name of its resource; empty when all are as declared
 */
export async function typeFaults(resources: PreviewedResource[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "upkeep-aws-types-"));
  try {
    // A line for each, so that a message's line is its resource's.
    await writeFile(join(folder, "inputs.ts"), [...resources.map(statement), "declare const unknown: any;"].join("\n"));
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["inputs.ts"] }));
    const compiler = [join(modules, ".bin/tsc"), "--project", folder, "--pretty", "false"] as const;
    const { exitCode, stdout, stderr } = await execa(compiler[0], compiler.slice(1), { cwd: folder, reject: false });
    const faults = [...stdout.matchAll(/^inputs\.ts\((\d+),\d+\): error (.*(?:\n .*)*)/gm)].map(
      ([, line, message]) => `${resources[Number(line) - 1]?.name}: ${message}`,
    );
    if ((exitCode === 0) !== (faults.length === 0)) throw new Error(`tsc ended with ${exitCode}: ${stdout}${stderr}`);
    return faults;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Of "aws:s3/bucket:Bucket": the interface `BucketArgs` of `@pulumi/aws/s3/bucket`. */
function statement({ type, inputs }: PreviewedResource): string {
  const [name, file, resource] = type.split(":");
  const literal = JSON.stringify(inputs).replaceAll(`"${UNKNOWN}"`, "unknown");
  return `{ const _: import("${modules}/@pulumi/${name}/${file}").${resource}Args = ${literal}; }`;
}
