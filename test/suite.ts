import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Problem } from "../sandbox/problem.ts";
import { clone } from "../sandbox/settings.ts";
import { toolsOnPath } from "../sandbox/tools.ts";

/** One entry of test/suites.json. */
export const Suite = z.strictObject({
  name: z.string(),
  /** Globs of its test files; absent: those of .mocharc.yaml. */
  specs: z.array(z.string()).min(1).optional(),
  /** Tools that must be there before it starts. */
  tools: z.array(z.string()).default([]),
  /** How many tests it has at least: a suite that lost tests fails. */
  tests: z.int().positive(),
  /** How long it may take before it is ended. */
  minutes: z.number().positive(),
});
export type Suite = z.infer<typeof Suite>;

export interface Outcome {
  passed: number;
  /** Failed tests, and one for each thing that is wrong with the suite itself. */
  failed: number;
  minutes: number;
  /** What is wrong with the suite itself. */
  faults: string[];
}

const TIMEOUT = "timeout";

/** How long the output of a suite that ended is awaited: something of it may have left its process group and hold it open. */
const LAST_OUTPUT_MILLISECONDS = 2000;

const Counts = z.object({ passed: z.int(), failed: z.int() });
type Counts = z.infer<typeof Counts>;

/** Runs one suite in a process group of its own, shows its output, and counts what it may have failed to count itself. */
export async function runSuite(suite: Suite): Promise<Outcome> {
  const start = performance.now();
  const scratch = await mkdtemp(join(tmpdir(), "upkeep-suite-"));
  const file = join(scratch, "counts.json");
  let counts: Counts | undefined;
  let faults: string[];
  try {
    const path = await toolsOnPath(suite.tools);
    const end = await runMocha(suite, file, [dirname(process.execPath), path].join(delimiter));
    counts = existsSync(file) ? Counts.parse(JSON.parse(await readFile(file, "utf8"))) : undefined;
    faults = findFaults(suite, end, counts);
  } catch (error) {
    faults = [error instanceof Problem ? error.message : String((error as Error).stack)];
  } finally {
    await rm(scratch, { recursive: true });
  }
  const { passed, failed } = counts ?? { passed: 0, failed: 0 };
  const minutes = (performance.now() - start) / 60_000;
  return { passed, failed: failed + faults.length, minutes, faults };
}

/** What is wrong with a suite that ended as `end` says, apart from tests that it counted as failed itself. */
function findFaults(suite: Suite, end: string, counts: Counts | undefined): string[] {
  const faults: string[] = [];
  if (end === TIMEOUT) faults.push(`did not end within ${suite.minutes} min and was killed`);
  else if (!counts) faults.push(`ended with ${end} and without a count of its tests`);
  else if (end !== "code 0" && counts.failed === 0) faults.push(`ended with ${end} although no test failed`);
  const ran = counts ? counts.passed + counts.failed : 0;
  if (counts && ran < suite.tests) faults.push(`ran ${ran} tests; test/suites.json says at least ${suite.tests}`);
  return faults;
}

/** @returns how it ended: `code N`, the name of a signal, or {@link TIMEOUT} */
async function runMocha(suite: Suite, counts: string, path: string): Promise<string> {
  const mocha = join(clone, "node_modules/mocha/bin/mocha.js");
  const specs = suite.specs ? ["--no-config", "--forbid-only", "--forbid-pending", ...suite.specs] : [];
  const reporter = ["--reporter", join(import.meta.dirname, "reporter.ts"), "--reporter-option", `counts=${counts}`];
  const color = process.stdout.isTTY ? ["--color"] : [];
  const child = spawn(process.execPath, [mocha, ...reporter, ...color, ...specs], {
    cwd: clone,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  // Piped, not inherited: a process that outlives its suite must not keep the caller's output open.
  child.stdout.pipe(process.stdout, { end: false });
  child.stderr.pipe(process.stderr, { end: false });
  const closed = once(child, "close");
  const stop = () => killGroup(child);
  process.once("exit", stop);
  try {
    const [code, signal] = await once(child, "exit", { signal: AbortSignal.timeout(suite.minutes * 60_000) });
    return signal ?? `code ${code}`;
  } catch (error) {
    if (error instanceof Error && error.name === "AbortError") return TIMEOUT;
    throw error;
  } finally {
    stop();
    process.off("exit", stop);
    await Promise.race([closed, sleep(LAST_OUTPUT_MILLISECONDS, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid) process.kill(-child.pid, "SIGKILL");
  } catch {
    // All of the group's processes have ended.
  }
}
