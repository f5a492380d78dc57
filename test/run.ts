import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { clone } from "../cli/common/paths.ts";
import { Problem } from "../cli/common/problem.ts";
import { settings } from "../sandbox/settings.ts";
import { runShown } from "./child.ts";
import { type Outcome, runSuite, Suite } from "./suite.ts";

/** The name under which the set-up of the sandbox is reported, with the minutes that it took. */
const UP = "make up";

/** And that of the first runs of all backups, which tests look at. */
const BACKUPS = "make backups";

/** Longer than a cold set-up on two cores. */
const SANDBOX_MINUTES = 60;

/** Chooses the suites that are too long for every change. */
const NIGHTLY = "--nightly";

/**
 * `node test/run.ts [--nightly | suite ...]`: runs the named suites of test/suites.json, the nightly ones, or all others. The last
 * line of its output is the count over all suites, and it exits with 0 only when nothing failed.
 */
async function main(names: string[]): Promise<void> {
  const suites = z
    .array(Suite)
    .min(1)
    .parse(JSON.parse(await readFile(join(import.meta.dirname, "suites.json"), "utf8")));
  const start = performance.now();
  const outcomes = new Map<string, Outcome>();
  const hadSandbox = existsSync(settings().directory);
  // Started by the first suite that runs on it, while other lanes go on.
  let starting: Promise<void> | undefined;
  const startSandbox = async () => {
    outcomes.set(UP, await runSandboxCommand("up"));
    if (settings().node) outcomes.set(BACKUPS, await runSandboxCommand("backups"));
  };
  for (const lanes of blocks(choose(suites, names))) {
    const run = async (suite: Suite): Promise<Outcome> => {
      if (!canRun(suite)) return failure("needs pods that run, and only root can start a node: run it as root");
      if (suite.sandbox) {
        starting ??= startSandbox();
        await starting;
        const missing = [UP, BACKUPS].find((command) => outcomes.get(command)?.faults.length);
        if (missing) return failure(`did not run, for ${missing} failed`);
      }
      if (lanes.length === 1) {
        heading(suite.name);
        return runSuite(suite);
      }
      print(`\n${suite.name} runs beside another; its output comes at its end`);
      return runSuite(suite, (output) => {
        heading(suite.name);
        process.stdout.write(output);
      });
    };
    await Promise.all(
      lanes.map(async (lane) => {
        for (const suite of lane) outcomes.set(suite.name, await run(suite));
      }),
    );
  }
  if (outcomes.has(UP) && !hadSandbox) outcomes.set("make down", await runSandboxCommand("down"));
  report(outcomes, (performance.now() - start) / 60_000);
}

/** Suites in their order: each alone, or the lanes of neighbours that have one, up to one that waits. */
function blocks(suites: Suite[]): Suite[][][] {
  const all: Map<string | undefined, Suite[]>[] = [];
  for (const suite of suites) {
    const last = all.at(-1);
    if (suite.lane === undefined || suite.waits || !last || last.has(undefined))
      all.push(new Map([[suite.lane, [suite]]]));
    else last.set(suite.lane, [...(last.get(suite.lane) ?? []), suite]);
  }
  return all.map((lanes) => [...lanes.values()]);
}

/** Whether this user can start what a suite needs. */
function canRun(suite: Suite): boolean {
  return !suite.node || settings().node;
}

/** Of a suite that did not run: it has not passed. */
function failure(fault: string): Outcome {
  return { passed: 0, faults: [fault], minutes: 0 };
}

/** Starts or stops the sandbox. Counts as a failed test only what went wrong. */
async function runSandboxCommand(command: "up" | "backups" | "down"): Promise<Outcome> {
  heading(`make ${command}`);
  const start = performance.now();
  const end = await runShown([join(clone, "sandbox/cli.ts"), command], { minutes: SANDBOX_MINUTES });
  const faults = end === "code 0" ? [] : [`ended with ${end}`];
  return { passed: 0, faults, minutes: (performance.now() - start) / 60_000 };
}

/** @param minutes that all took: less than their sum where some ran beside each other */
function report(outcomes: Map<string, Outcome>, minutes: number): void {
  print("\nsuite           passed  failed  minutes");
  for (const [name, { passed, faults, minutes }] of outcomes) {
    print(`${name.padEnd(14)} ${cell(passed)} ${cell(faults.length)} ${minutes.toFixed(1).padStart(8)}`);
  }
  print(`all ${minutes.toFixed(1).padStart(35)}\n`);
  for (const [name, { faults }] of outcomes) for (const fault of faults) print(`${name}: ${fault}`);

  const all = [...outcomes.values()];
  const passed = all.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = all.flatMap(({ faults }) => faults).length;
  print(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

/** @throws Problem for a name that no suite has */
function choose(suites: Suite[], names: string[]): Suite[] {
  if (names.length === 1 && names[0] === NIGHTLY) return suites.filter(({ nightly }) => nightly);
  const known = suites.map((suite) => suite.name);
  for (const name of names) {
    if (!known.includes(name)) throw new Problem(`"${name}" is not a suite; allowed are ${known.join(", ")}`);
  }
  return suites.filter(({ name, nightly }) => (names.length > 0 ? names.includes(name) : !nightly));
}

function heading(text: string): void {
  print(`\n── ${text} ${"─".repeat(60 - text.length)}`);
}

function cell(count: number): string {
  return String(count).padStart(7);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

// A suite's processes are in a group of their own, which the terminal's Ctrl-C does not reach; exiting ends them.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));
try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`\n${error instanceof Problem ? error.message : (error as Error).stack}\n`);
  print("0 passed, 1 failed");
  process.exitCode = 1;
}
