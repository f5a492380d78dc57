import { parseArgs } from "node:util";
import { tool, toolNames } from "./index.ts";

/** `node sandbox/cli.ts tools [name ...]`: gets the named tools, or all, and prints where each is. */
export async function run(args: string[]): Promise<void> {
  const { positionals } = parseArgs({ args, allowPositionals: true });
  for (const name of positionals.length > 0 ? positionals : toolNames) {
    process.stdout.write(`${name} ${await tool(name)}\n`);
  }
}
