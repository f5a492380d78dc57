import { Problem } from "./problem.ts";

/** What a command does, and the module that exports it as `run`. */
export interface Command {
  does: string;
  load(): Promise<{ run(args: string[]): Promise<void> }>;
}

/**
 * Runs the command that a process was started with. A user's mistake ends the process with exit code 1 and a message without a stack trace.
 *
 * @param typed its name, then its arguments
 */
export async function runCommand(commands: Record<string, Command>, [name = "", ...args]: string[]): Promise<void> {
  try {
    const command = commands[name];
    if (!command) {
      const list = Object.entries(commands).map(([known, { does }]) => `  ${known.padEnd(8)} ${does}`);
      throw new Problem(`${name ? `"${name}" is not a command` : "no command given"}; allowed:\n${list.join("\n")}`);
    }
    await (await command.load()).run(args);
  } catch (error) {
    if (!(error instanceof Problem) && !isBadOption(error)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}

/** What node:util's parseArgs throws: its message names the option and needs no stack trace. */
function isBadOption(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}
