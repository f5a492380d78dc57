import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { z } from "zod";
import { clone } from "../cli/common/paths.ts";
import { Problem } from "../cli/common/problem.ts";
import { cacheRoot } from "../sandbox/tools/cached.ts";
import { toolsOnPath } from "../sandbox/tools/index.ts";
import { runShown, type Shown, TIMEOUT } from "./child.ts";

/** One entry of test/suites.json. */
export const Suite = z.strictObject({
  name: z.string(),
  /** Globs of its test files; absent: those of .mocharc.yaml. */
  specs: z.array(z.string()).min(1).optional(),
  /** Tools that must be there before it starts. */
  tools: z.array(z.string()).default([]),
  /** Whether it runs on the sandbox that `make up` makes. */
  sandbox: z.boolean().default(false),
  /** Whether pods must run, for which only root can start a node. */
  node: z.boolean().default(false),
  /**
   * Neighbours in the list that each have one run beside each other: those of one lane in their order, the lanes at the same time. For
   * what mostly waits for pods.
   */
  lane: z.string().optional(),
  /** Whether it waits, with what comes after it, for all suites before it, whatever their lanes. */
  waits: z.boolean().default(false),
  /** Whether it is too long for every change: `make nightly` runs it, and `make test` only where it is named. */
  nightly: z.boolean().default(false),
  /** How many tests it has at least: a suite that lost tests fails. */
  tests: z.int().positive(),
  /** How long it may take before it is ended. */
  minutes: z.number().positive(),
});
export type Suite = z.infer<typeof Suite>;

export interface Outcome {
  passed: number;
  /** A line for each failed test, and for each thing that is wrong with the suite itself. */
  faults: string[];
  minutes: number;
}

const Counts = z.object({ passed: z.int(), failures: z.array(z.string()) });
type Counts = z.infer<typeof Counts>;

/**
 * Runs one suite in a process group of its own, shows its output, and counts what it may have failed to count itself.
 *
 * @param hold is given its output at its end, which is then not shown meanwhile
 */
export async function runSuite(suite: Suite, hold?: Shown["hold"]): Promise<Outcome> {
  const start = performance.now();
  const scratch = await mkdtemp(join(await cacheRoot(), "suite-"));
  const file = join(scratch, "counts.json");
  let counts: Counts | undefined;
  let faults: string[];
  try {
    const path = await toolsOnPath(suite.tools);
    const shown = {
      minutes: suite.minutes,
      path: [dirname(process.execPath), path].join(delimiter),
      ...(hold && { hold }),
    };
    const end = await runMocha(suite, file, shown);
    counts = existsSync(file) ? Counts.parse(JSON.parse(await readFile(file, "utf8"))) : undefined;
    faults = findFaults(suite, end, counts);
  } catch (error) {
    faults = [error instanceof Problem ? error.message : String((error as Error).stack)];
  } finally {
    await rm(scratch, { recursive: true });
  }
  faults.unshift(...(counts?.failures ?? []));
  const minutes = (performance.now() - start) / 60_000;
  return { passed: counts?.passed ?? 0, faults, minutes };
}

/** What is wrong with a suite that ended as `end` says, apart from tests that it counted as failed itself. */
function findFaults(suite: Suite, end: string, counts: Counts | undefined): string[] {
  const faults: string[] = [];
  if (end === TIMEOUT) faults.push(`did not end within ${suite.minutes} min and was killed`);
  else if (!counts) faults.push(`ended with ${end} and without a count of its tests`);
  else if (end !== "code 0" && counts.failures.length === 0) faults.push(`ended with ${end} although no test failed`);
  const ran = counts ? counts.passed + counts.failures.length : 0;
  if (counts && ran < suite.tests) faults.push(`ran ${ran} tests; test/suites.json says at least ${suite.tests}`);
  return faults;
}

/** @returns how it ended, as {@link runShown} says it */
function runMocha(suite: Suite, counts: string, shown: Shown): Promise<string> {
  const mocha = join(clone, "node_modules/mocha/bin/mocha.js");
  const specs = suite.specs
    ? ["--no-config", "--forbid-only", "--forbid-pending", "--timeout=60s", ...suite.specs]
    : [];
  const reporter = ["--reporter", join(import.meta.dirname, "reporter.ts"), "--reporter-option", `counts=${counts}`];
  const color = process.stdout.isTTY ? ["--color"] : [];
  return runShown([mocha, ...reporter, ...color, ...specs], shown);
}
