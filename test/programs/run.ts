import { execa } from "execa";
import { program } from "../../components/jobs/program.ts";

/** Runs a program as its pod does: the text alone, with nothing in the environment but what is given. */
export async function runProgram(name: string, env: Record<string, string>) {
  const args = ["--input-type=module", "--eval", program(name)];
  const { exitCode, stdout, stderr } = await execa(process.execPath, args, { env, extendEnv: false, reject: false });
  return { exitCode, lines: stdout.split("\n"), stderr };
}
