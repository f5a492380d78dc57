import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { clone } from "../../cli/common/paths.ts";
import { type Engine, sandboxEngine } from "../../cli/engine.ts";
import { sandboxEnvironment } from "../../sandbox/engine.ts";
import { type Settings, settings } from "../../sandbox/settings.ts";

/** The sandbox that `make up` made, with its commands. */
export interface Sandbox {
  settings: Settings;
  engine: Engine;
  /** Runs a command in the sandbox's environment and returns its trimmed output. @throws with what it printed when it fails */
  run(command: string, args: string[], input?: string): Promise<string>;
  kubectl(...args: string[]): Promise<string>;
  aws(...args: string[]): Promise<string>;
}

export async function sandboxUnderTest(): Promise<Sandbox> {
  const running = settings();
  const env = await sandboxEnvironment(running);
  const run = async (command: string, args: string[], input?: string) => {
    const { stdout } = await execa(command, args, { env, extendEnv: false, ...(input === undefined ? {} : { input }) });
    return stdout.trim();
  };
  return {
    settings: running,
    engine: await sandboxEngine(),
    run,
    kubectl: (...args) => run("kubectl", args),
    aws: (...args) => run("aws", args),
  };
}

/** What one run of the engine printed, and how it ended. */
export interface Outcome {
  exitCode: number | undefined;
  text: string;
}

/** Runs the engine on a program's folder, as a person would there. */
export async function pulumi({ engine }: Sandbox, folder: string, ...args: string[]): Promise<Outcome> {
  const result = await execa("pulumi", [...args, "--stack", "sandbox", "--color", "never"], {
    cwd: folder,
    env: engine.environment,
    extendEnv: false,
    all: true,
    reject: false,
    stdin: "ignore",
  });
  return { exitCode: result.exitCode, text: result.all };
}

export const up = (sandbox: Sandbox, folder = clone, ...args: string[]) =>
  pulumi(sandbox, folder, "up", "--yes", ...args);

/**
 * A copy of the program in which one file reads differently: the change that a person would make in an editor.
 *
 * @param edits each a text to find, which must be there, and what to put instead
 */
export function edited(file: string, ...edits: [find: string, put: string][]): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-edited-"));
  const copied = ["index.ts", "package.json", "Pulumi.yaml", "Pulumi.sandbox.yaml", "services"];
  for (const part of copied) cpSync(join(clone, part), join(folder, part), { recursive: true });
  // Node compiles a file again where its real path is another one.
  for (const part of ["components", "domain", "programs", "node_modules", ".sandbox"])
    symlinkSync(join(clone, part), join(folder, part));
  const source = edits.reduce(
    (text, [find, put]) => {
      if (!text.includes(find)) throw new Error(`${file} does not hold ${find}: the test edits what is not there`);
      return text.replace(find, put);
    },
    readFileSync(join(folder, file), "utf8"),
  );
  writeFileSync(join(folder, file), source);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
