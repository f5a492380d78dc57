import { Problem } from "./problem.ts";

/** A command, as typed after `node sandbox/cli.ts`: its module exports `run`. */
const commands: Record<string, { does: string; load: () => Promise<{ run(args: string[]): Promise<void> }> }> = {
  up: { does: "start the sandbox, deploy to it, and say what now exists", load: () => import("./up.ts") },
  down: { does: "stop the sandbox and remove all that it made but the built tools", load: () => import("./down.ts") },
  backups: { does: "run each backup once that has published nothing yet", load: () => import("./backups.ts") },
  status: { does: "say which parts of the sandbox run", load: () => import("./status.ts") },
  preview: { does: "preview a stack without a cloud account or a cluster", load: () => import("./preview.ts") },
  recover: { does: "make a stack whole again after its engine was killed", load: () => import("./recover.ts") },
  adopt: { does: "take over one object that exists already", load: () => import("./adopt.ts") },
  posture: { does: "say what a stack's services are promised, and what keeps it", load: () => import("./posture.ts") },
  tools: { does: "build and fetch all tools, or the named ones", load: () => import("./tools/command.ts") },
};

const [name = "", ...args] = process.argv.slice(2);
try {
  const command = commands[name];
  if (!command) {
    const list = Object.entries(commands).map(([known, { does }]) => `  ${known.padEnd(8)} ${does}`);
    throw new Problem(`${name ? `"${name}" is not a command` : "no command given"}; allowed are:\n${list.join("\n")}`);
  }
  await (await command.load()).run(args);
} catch (error) {
  if (!(error instanceof Problem) && !isBadOption(error)) throw error;
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}

/** What node:util's parseArgs throws: its message names the option and needs no stack. */
function isBadOption(error: unknown): error is Error {
  return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}
