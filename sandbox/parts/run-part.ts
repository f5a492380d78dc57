import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { clone } from "../../cli/common/paths.ts";
import { Problem } from "../../cli/common/problem.ts";
import { type Exit, logFile, runningProcess, startProcess } from "../processes.ts";
import type { Settings } from "../settings.ts";
import { tool, toolsOnPath } from "../tools/index.ts";
import { entering, findInit } from "./namespaces.ts";
import type { Part } from "./part.ts";

/** Ample for a cold disk and busy cores: a part that is this late never comes. */
const PATIENCE_SECONDS = 120;
const POLL_MILLISECONDS = 100;
const LAST_LINES = 15;

/**
 * Starts a part unless it runs, and waits until it serves.
 *
 * @param signal ends the waiting
 * @throws Problem with the end of its log when it ends first or serves too late
 */
export async function runPart(settings: Settings, part: Part, signal: AbortSignal): Promise<void> {
  const running = await runningProcess(settings, part.name);
  const { ended } = running ? { ended: undefined } : await startPart(settings, part);
  let exit: Exit | undefined;
  ended?.then((how) => {
    exit = how;
  });
  const deadline = performance.now() + PATIENCE_SECONDS * 1000;
  for (;;) {
    const reason = await part.check(settings).then(
      () => undefined,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    if (reason === undefined) return running ? undefined : part.restore?.(settings);
    if (exit) throw await failure(settings, part, exitText(exit));
    if (running && !(await runningProcess(settings, part.name))) throw await failure(settings, part, "ended");
    if (performance.now() > deadline) {
      throw await failure(settings, part, `is not ready after ${PATIENCE_SECONDS} s (${reason})`);
    }
    await sleep(POLL_MILLISECONDS, undefined, { signal });
  }
}

/** Nothing of the user's environment reaches a part: not a proxy, not a kubeconfig. */
async function startPart(settings: Settings, part: Part): Promise<{ ended: Promise<Exit> }> {
  const program = await tool(part.program);
  const args = await part.prepare(settings);
  const environment = {
    PATH: await toolsOnPath(part.programsOnPath ?? []),
    HOME: settings.directory,
    ...(await part.environment?.(settings)),
  };
  const init = await findInit(settings);
  return startProcess(settings, part.name, [program, ...args], environment, init ? entering(init) : []);
}

function exitText({ code, signal }: Exit): string {
  return signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
}

async function failure(settings: Settings, part: Part, what: string): Promise<Problem> {
  const log = logFile(settings, part.name);
  const lines = (await readFile(log, "utf8").catch(() => "")).trimEnd().split("\n").slice(-LAST_LINES);
  return new Problem(
    `${part.name} ${what}. The last lines of ${relative(clone, log)}:\n${lines.map((line) => `  ${line}`).join("\n")}`,
  );
}
