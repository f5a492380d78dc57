import { rmSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { engineIn } from "../../cli/engine.ts";
import { copyOfClone } from "./copyOfClone.ts";

/** A sandbox beside the one of `make up`, in a copy of the clone and a slot of its own; without a node, for no pod has to run. */
export interface SecondSandbox {
  folder: string;
  slot: string;
  environment: Record<string, string>;
  /** Runs a command with the sandbox's cluster and S3, and returns what it printed. @throws when it fails */
  run(command: string, ...args: string[]): Promise<string>;
  remove(): Promise<void>;
}

/** @param prepare changes the copy before anything is read from it */
export async function secondSandbox(slot: string, prepare: (folder: string) => void): Promise<SecondSandbox> {
  const folder = await copyOfClone("upkeep-second-");
  prepare(folder);
  const inSecond = (code: string) =>
    execa(process.execPath, ["--input-type=module", "--eval", code], {
      cwd: folder,
      stdin: "ignore",
      stdout: "inherit",
      stderr: "inherit",
    });
  const settings = `(await import("${folder}/sandbox/settings.ts")).settings("${slot}", false)`;
  await inSecond(`await (await import("${folder}/sandbox/start.ts")).startSandbox(${settings})`);
  // An `up` is refused where what it refers to does not exist.
  await inSecond(`await (await import("${folder}/sandbox/world/index.ts")).declareWorld(${settings})`);

  const directory = join(folder, ".sandbox");
  const { environment } = await engineIn(directory);
  const run = async (command: string, ...args: string[]) => {
    const tools = { KUBECONFIG: join(directory, "kubeconfig"), AWS_CONFIG_FILE: join(directory, "aws/config") };
    const credentials = { AWS_SHARED_CREDENTIALS_FILE: join(directory, "aws/credentials"), AWS_PROFILE: "sandbox" };
    const { stdout } = await execa(command, args, {
      cwd: folder,
      env: { ...environment, ...tools, ...credentials },
      extendEnv: false,
      stdin: "ignore",
    });
    return stdout;
  };
  await run("pulumi", "stack", "select", "--create", "--stack", "sandbox");

  return {
    folder,
    slot,
    environment,
    run,
    async remove() {
      await inSecond(`await (await import("${folder}/sandbox/stop.ts")).stopSandbox(${settings})`);
      rmSync(folder, { recursive: true });
    },
  };
}
