import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Problem } from "../sandbox/problem.ts";
import { type Outcome, runSuite, Suite } from "./suite.ts";

/**
 * `node test/run.ts [suite ...]`: runs the named suites of test/suites.json, or all. The last line of its output is the
 * count over all suites, and it exits with 0 only when nothing failed.
 */
async function main(names: string[]): Promise<void> {
  const suites = z.array(Suite).parse(JSON.parse(await readFile(join(import.meta.dirname, "suites.json"), "utf8")));
  const outcomes: [string, Outcome][] = [];
  for (const suite of choose(suites, names)) {
    print(`\n── ${suite.name} ${"─".repeat(60 - suite.name.length)}`);
    outcomes.push([suite.name, await runSuite(suite)]);
  }

  print("\nsuite           passed  failed  minutes");
  for (const [name, { passed, failed, minutes }] of outcomes) {
    print(`${name.padEnd(14)} ${cell(passed)} ${cell(failed)} ${minutes.toFixed(1).padStart(8)}`);
  }
  print("");
  for (const [name, { faults }] of outcomes) for (const fault of faults) print(`suite ${name}: ${fault}`);

  const total = (key: "passed" | "failed") => outcomes.reduce((sum, [, outcome]) => sum + outcome[key], 0);
  print(`${total("passed")} passed, ${total("failed")} failed`);
  process.exitCode = total("failed") > 0 ? 1 : 0;
}

/** @throws Problem for a name that no suite has */
function choose(suites: Suite[], names: string[]): Suite[] {
  const known = suites.map((suite) => suite.name);
  for (const name of names) {
    if (!known.includes(name)) throw new Problem(`"${name}" is not a suite; allowed are ${known.join(", ")}`);
  }
  return names.length > 0 ? suites.filter((suite) => names.includes(suite.name)) : suites;
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
