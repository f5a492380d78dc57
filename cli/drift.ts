import { parseArgs } from "node:util";
import { Problem } from "./common/problem.ts";
import { step } from "./common/progress.ts";
import { issueBody, writeIssue } from "./diff/issue.ts";
import { engineOf } from "./engine.ts";
import { client, Repository, variablesOf } from "./github.ts";
import { packFlags } from "./policyPack.ts";
import { knownStack } from "./preview.ts";

/** The engine's own words when it finds what differs, beside all that may be wrong with a preview. */
const DIFFERS = "no changes were expected but changes were proposed";

/**
 * `node cli/main.ts drift STACK`, and `upkeep drift` of the package: whether cluster and account still are as a stack declares them, by the
 * user's login. It ends with exit code 1 if not; with `--issue`, in a workflow, an issue of the repository says so instead.
 */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, options: { issue: { type: "boolean" } }, allowPositionals: true });
  const stack = await knownStack("drift", positionals[0]);
  const api = values.issue && client(variablesOf(Repository));
  const drift = await step(`previewing ${stack} as it is in cluster and account`, () => driftOf(stack));
  process.stdout.write(drift ?? `${stack} is as it is declared\n`);
  if (api) process.stdout.write(`${await writeIssue(api, stack, drift && issueBody(stack, drift))}\n`);
  else if (drift) process.exitCode = 1;
}

/** What a preview that first looks would change, as the engine shows it; undefined if nothing. @throws Problem when it fails */
async function driftOf(stack: string): Promise<string | undefined> {
  const engine = await engineOf(stack);
  const pack = await packFlags(stack);
  const flags = ["--refresh", "--expect-no-changes", "--non-interactive", "--color=never", ...pack];
  const { exitCode, stdout, stderr } = await engine.attempt(["preview", "--stack", stack, ...flags]);
  if (exitCode === 0) return undefined;
  if (`${stdout}\n${stderr}`.includes(DIFFERS)) return `${stdout.trim()}\n`;
  throw new Problem(
    `the preview of ${stack} fails, so nothing is known about its drift:\n${stdout}\n${stderr}`.trimEnd(),
  );
}
