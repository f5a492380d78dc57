import { mkdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import { cache, clone } from "../../cli/common/paths.ts";
import { Problem } from "../../cli/common/problem.ts";

const LAST_LINES = 15;

/**
 * Runs a program with its output in a log of its own, `.cache/logs/<what>.log`.
 *
 * @param what names the work in the log's name and in the error: "building etcd"
 * @throws Problem with the last lines of the output and where the rest is
 */
export async function runLogged(
  what: string,
  program: string,
  args: string[],
  options: { cwd?: string; env?: Record<string, string | undefined> } = {},
): Promise<void> {
  const log = join(cache, "logs", `${what.replaceAll(/[^a-z0-9.-]+/gi, "-")}.log`);
  await mkdir(join(cache, "logs"), { recursive: true });
  await rm(log, { force: true });
  const toLog = { file: log, append: true };
  try {
    await execa(program, args, { ...options, stdin: "ignore", stdout: toLog, stderr: toLog });
  } catch (error) {
    const lines = (await readFile(log, "utf8")).trimEnd().split("\n").slice(-LAST_LINES);
    const { shortMessage } = error as { shortMessage?: string };
    const why = lines.join("").trim() ? lines.map((line) => `  ${line}`).join("\n") : `  ${shortMessage ?? error}`;
    throw new Problem(`${what} failed:\n${why}\nThe whole output is in ${relative(clone, log)}`);
  }
}
