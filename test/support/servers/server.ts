import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server on loopback. */
export interface Server {
  address: string;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
}

/** Longer than a start on a busy machine takes. */
const SECONDS = 60;

/** Starts a program that answers with 200 at `ready` once it serves. @param env beside this process' own @throws with what it printed, when it does not */
export async function startServer(
  program: string,
  args: string[],
  address: string,
  ready: string,
  env: Record<string, string> = {},
): Promise<Server> {
  const server = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let printed = "";
  for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => (printed += text));
  const ends = Date.now() + SECONDS * 1000;
  for (;;) {
    const response = await fetch(`${address}${ready}`).catch(() => undefined);
    if (response?.ok) return { address, kill: () => kill(server) };
    if (server.exitCode !== null || Date.now() > ends) {
      await kill(server);
      throw new Error(`${program} does not serve. It printed:\n${printed}`);
    }
    await sleep(100);
  }
}

async function kill(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill("SIGKILL");
  await once(server, "exit");
}

/** A port of loopback that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
