import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repository } from "./common/paths.ts";
import { Problem } from "./common/problem.ts";
import { step } from "./common/progress.ts";
import { stackConfig } from "./common/stackFile.ts";
import { typed } from "./common/typed.ts";
import { type Base, baseOf } from "./diff/base.ts";
import { compare } from "./diff/compare.ts";
import { judged } from "./diff/judged.ts";
import { liveBase } from "./diff/live.ts";
import { markdownOf } from "./diff/markdown.ts";
import type { Report } from "./diff/report.ts";
import { commitOf } from "./diff/revision.ts";
import { textOf } from "./diff/text.ts";
import { engineOf } from "./engine.ts";
import { packFlags } from "./policyPack.ts";
import { knownStack, withPreview } from "./preview.ts";

/**
 * `make diff BASE=… STACK=…`, and `upkeep diff` of the package: what the working tree does to a stack that was deployed from another commit, promises first. Both are
 * previewed by the engine; nothing is contacted, and no tracked file is touched. With `--live` the state is the stack's own, by the user's
 * login. It ends with exit code 1 if the change cannot be deployed.
 */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: {
      base: { type: "string" },
      json: { type: "boolean" },
      markdown: { type: "boolean" },
      live: { type: "boolean" },
    },
    allowPositionals: true,
  });
  if (!values.base) {
    throw new Problem(
      `no base given; allowed: a branch, tag or commit id. Try: ${typed("diff", "prod", "origin/main")}`,
    );
  }
  if (values.json && values.markdown) throw new Problem("--json and --markdown given; allowed: one of them");
  const names = positionals.flatMap((text) => text.split(/\s+/)).filter((name) => name !== "");
  const stacks = await Promise.all((names.length > 0 ? names : [undefined]).map((name) => knownStack("diff", name)));
  const base = { ref: values.base, commit: await commitOf(values.base) };
  const reports: Report[] = [];
  for (const stack of stacks) reports.push(await (values.live ? live : offline)(stack, base));
  process.stdout.write(printed(reports, values));
  if (reports.some(isRefused)) process.exitCode = 1;
}

/** The engine ends at a protected resource; what else would be deleted or replaced is of interest too. */
async function judging(stack: string): Promise<string[]> {
  return [...(await packFlags(stack)), "--ignore-protect"];
}

/** On the state that an `up` of the base would have made. */
async function offline(stack: string, base: Report["base"]): Promise<Report> {
  const pack = await judging(stack);
  const before = await previewed(stack, base);
  return step(`previewing ${stack} as it is here`, () =>
    withPreview(
      stack,
      async (engine, args, scratch) => {
        const head = await judged(engine, [...args, ...pack], scratch, repository);
        return compare({ stack, base }, before, await stackConfig(stack), head);
      },
      {
        standIns: { flags: ["--offline"], versions: before.versions },
        ...(before.state && { state: before.state }),
      },
    ),
  );
}

/** On the state that the stack has, by the user's login and providers. The base says only what is new. */
async function live(stack: string, base: Report["base"]): Promise<Report> {
  const pack = await judging(stack);
  const engine = await engineOf(stack);
  const before = await liveBase(engine, stack, await previewed(stack, base));
  const scratch = await mkdtemp(join(tmpdir(), "upkeep-diff-"));
  try {
    return await step(`previewing ${stack} on its state`, async () => {
      const head = await judged(engine, ["preview", "--stack", stack, ...pack], scratch, repository);
      return compare({ stack, base }, before, await stackConfig(stack), head);
    });
  } finally {
    await rm(scratch, { recursive: true });
  }
}

function previewed(stack: string, { ref, commit }: Report["base"]): Promise<Base> {
  return step(`previewing ${stack} at ${ref}`, () => baseOf(commit, stack));
}

/** Whether an `up` would end before it changes anything. */
function isRefused({ failure, policies, removals }: Report): boolean {
  const violated = policies.violations.some(({ level }) => level === "mandatory");
  return failure.length > 0 || violated || removals.some((removal) => removal.protected);
}

function printed(reports: Report[], { json, markdown }: { json?: boolean; markdown?: boolean }): string {
  if (json) return `${JSON.stringify(reports, undefined, 2)}\n`;
  return markdown ? markdownOf(reports) : reports.map(textOf).join("\n");
}
