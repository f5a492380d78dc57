import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { clone } from "../cli/common/paths.ts";

/** How a program ended that took too long. */
export const TIMEOUT = "timeout";

/** How long to wait for the output of an ended program: a process of it may have left its process group and hold it open. */
const LAST_OUTPUT_MILLISECONDS = 2000;

/** What a `make` that runs us would otherwise pass to those that tests run. */
const NO_MAKE = {
  MAKEFLAGS: undefined,
  MFLAGS: undefined,
  MAKEOVERRIDES: undefined,
  MAKELEVEL: undefined,
  SUITE: undefined,
};

/** How a program is run. */
export interface Shown {
  /** After this time it is killed. */
  minutes: number;
  /** A value for PATH; absent: our own. */
  path?: string;
  /** Receives its output at its end, which is then not shown meanwhile: for programs that run beside others. */
  hold?: (output: Buffer) => void;
}

/**
 * Runs a program with Node in the clone, in a process group of its own that ends with it, and shows its output.
 *
 * @returns how it ended: `code N`, the name of a signal, or {@link TIMEOUT}
 */
export async function runShown(args: string[], { minutes, path = process.env.PATH, hold }: Shown): Promise<string> {
  // Output is piped, not inherited: a process that outlives its group must not keep the caller's output open.
  const child = spawn(process.execPath, args, {
    cwd: clone,
    env: { ...process.env, ...NO_MAKE, PATH: path },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output: Buffer[] = [];
  for (const [from, to] of [[child.stdout, process.stdout] as const, [child.stderr, process.stderr] as const]) {
    if (hold) from.on("data", (chunk: Buffer) => output.push(chunk));
    else from.pipe(to, { end: false });
  }
  const closed = once(child, "close");
  const stop = () => killGroup(child.pid);
  process.once("exit", stop);
  try {
    const [code, signal] = await once(child, "exit", { signal: AbortSignal.timeout(minutes * 60_000) });
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
    hold?.(Buffer.concat(output));
  }
}

function killGroup(leader: number | undefined): void {
  try {
    if (leader) process.kill(-leader, "SIGKILL");
  } catch {
    // All of the group's processes have ended.
  }
}
