import { relative } from "node:path";
import { clone } from "../cli/common/paths.ts";
import { partsOf } from "./parts/index.ts";
import { logFile, runningProcess } from "./processes.ts";
import { type Settings, settings } from "./settings.ts";

export interface PartStatus {
  name: string;
  /** Absent: it does not run. */
  pid?: number;
  /** Why it does not serve though it runs. */
  problem?: string;
  log: string;
}

/** How each part is, now. */
export async function sandboxStatus(settings: Settings): Promise<PartStatus[]> {
  return Promise.all(
    partsOf(settings).map(async (part) => {
      const log = logFile(settings, part.name);
      const pid = await runningProcess(settings, part.name);
      if (pid === undefined) return { name: part.name, log };
      const problem = await part.check(settings).then(
        () => undefined,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      return { name: part.name, pid, log, ...(problem !== undefined && { problem }) };
    }),
  );
}

/** `make status`: a line for each part; exits with 1 unless all serve. */
export async function run(): Promise<void> {
  const parts = await sandboxStatus(settings());
  for (const { name, pid, problem, log } of parts) {
    const state = pid === undefined ? "not running" : (problem ?? "ready");
    process.stdout.write(`${name.padEnd(20)}${`${pid ?? ""}`.padEnd(9)}${state}  (${relative(clone, log)})\n`);
  }
  if (parts.some(({ pid, problem }) => pid === undefined || problem !== undefined)) process.exitCode = 1;
}
