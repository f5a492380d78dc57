import { join } from "node:path";
import type { Engine } from "../engine.ts";
import { type Events, readEvents } from "./events.ts";
import { Digest } from "./steps.ts";

/** What one preview said, by its JSON output and its event log. */
export interface Judged {
  exitCode: number | undefined;
  digest: Digest;
  events: Events;
  /** What the engine printed beside its JSON. */
  stderr: string;
}

/**
 * Runs a preview and reads all that it says.
 *
 * @param args of the preview. @param scratch for its files. @param folder holds the program
 */
export async function judged(engine: Engine, args: string[], scratch: string, folder: string): Promise<Judged> {
  const log = join(scratch, "events.json");
  const { exitCode, stdout, stderr } = await engine.attempt([...args, "--json", "--event-log", log], {
    cwd: folder,
    // Without it the engine does not know `--event-log`.
    env: { ...engine.environment, PULUMI_DEBUG_COMMANDS: "true" },
    maxBuffer: 2 ** 30,
  });
  const digest = Digest.parse(stdout.startsWith("{") ? JSON.parse(stdout) : {});
  const events = await readEvents(log).catch(() => ({ violations: [], ids: new Map(), outputs: {} }));
  return { exitCode, digest, events, stderr };
}

/** The engine's own last word, which says nothing about why. */
const LAST_WORD = "error: preview failed";

/** Why a preview failed, in the program's and the engine's own words; empty if only the policy pack ended it. */
export function failureOf({ exitCode, digest, events, stderr }: Judged): string[] {
  if (exitCode === 0) return [];
  const errors = digest.diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.trim())
    .filter((message) => message !== LAST_WORD);
  if (errors.length > 0) return [...new Set(errors)];
  if (events.violations.some(({ level }) => level === "mandatory")) return [];
  return [stderr.trim() || `pulumi preview ended with exit code ${exitCode}`];
}
