import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Settings } from "./settings.ts";

/** How a process ended: one of the two is set. */
export interface Exit {
  code: number | null;
  signal: string | null;
}

/** A process's id alone may be another's after a reboot; with its start, in ticks since the boot, it is certain. */
interface Identity {
  pid: number;
  started: string;
}

const POLL_MILLISECONDS = 20;

/** Where the output of a part goes. */
export function logFile(settings: Settings, name: string): string {
  return join(settings.directory, "logs", `${name}.log`);
}

/**
 * Starts a process that outlives this one, with its output appended to its log, and remembers it by its name.
 *
 * @param command program and arguments
 * @param entering words that put the command into namespaces (`nsenter …`): the process is then their child
 * @returns how it ended, once it has and while this process still lives
 */
export async function startProcess(
  settings: Settings,
  name: string,
  command: readonly string[],
  environment: Record<string, string>,
  entering: readonly string[] = [],
): Promise<{ ended: Promise<Exit> }> {
  await mkdir(join(settings.directory, "logs"), { recursive: true });
  await mkdir(join(settings.directory, "pids"), { recursive: true });
  const log = await open(logFile(settings, name), "a");
  const [program, ...args] = [...entering, ...command] as [string, ...string[]];
  const child = spawn(program, args, { env: environment, cwd: "/", detached: true, stdio: ["ignore", log.fd, log.fd] });
  const ended = new Promise<Exit>((resolve) => {
    child.on("error", () => resolve({ code: 127, signal: null }));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  child.unref();
  await log.close();

  const pid = child.pid && entering.length > 0 ? await firstChild(child.pid) : child.pid;
  const identity = pid && (await identify(pid));
  if (identity) await writeFile(pidFile(settings, name), JSON.stringify(identity));
  return { ended };
}

/** Whether a process of this name was ever started here, running or not. */
export function wasStarted(settings: Settings, name: string): boolean {
  return existsSync(pidFile(settings, name));
}

/** The id of the process that was last started by this name, if it still runs. */
export async function runningProcess(settings: Settings, name: string): Promise<number | undefined> {
  const text = await readFile(pidFile(settings, name), "utf8").catch(() => "");
  if (text === "") return undefined;
  const recorded: Identity = JSON.parse(text);
  const now = await identify(recorded.pid);
  return now?.started === recorded.started ? now.pid : undefined;
}

/**
 * Sends a signal and waits for the process to be gone.
 *
 * @returns whether it was gone within `patience` milliseconds
 */
export async function signalled(pid: number, signal: NodeJS.Signals, patience: number): Promise<boolean> {
  const identity = await identify(pid);
  if (!identity) return true;
  process.kill(pid, signal);
  for (let waited = 0; waited < patience; waited += POLL_MILLISECONDS) {
    await sleep(POLL_MILLISECONDS);
    if ((await identify(pid))?.started !== identity.started) return true;
  }
  return false;
}

/** The first child of a process, awaited for as long as the process lives. */
export async function firstChild(pid: number): Promise<number | undefined> {
  while (await identify(pid)) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
    if (children.trim()) return Number(children.trim().split(" ")[0]);
    await sleep(POLL_MILLISECONDS);
  }
  return undefined;
}

async function identify(pid: number): Promise<Identity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The second field, the program's name, is in parentheses and may hold spaces; state and start are fields 3 and 22.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const started = fields[19];
  return started === undefined || fields[0] === "Z" ? undefined : { pid, started };
}

function pidFile(settings: Settings, name: string): string {
  return join(settings.directory, "pids", name);
}
