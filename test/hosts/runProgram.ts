import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { clone } from "../../cli/common/paths.ts";
import type { RecordingEngine } from "./recordingEngine.ts";

const STACK = "staging";

type Config = Record<string, unknown>;

/**
 * Starts the program as pulumi-language-nodejs does (its Run: constructArguments, constructConfig), without our wrapper around it.
 *
 * @param change what differs from the configuration in the stack's file
 * @param folder a copy of the clone, where the program itself differs
 */
export async function runProgram(
  engine: RecordingEngine,
  { change, folder = clone }: { change?: (config: Config) => void; folder?: string } = {},
) {
  const project = parse(await readFile(join(folder, "Pulumi.yaml"), "utf8"));
  const { config } = parse(await readFile(join(clone, `Pulumi.${STACK}.yaml`), "utf8"));
  change?.(config);
  const address = await engine.listen();
  const pipes = await mkdtemp(join(tmpdir(), "upkeep-host-"));
  const flags = {
    monitor: address,
    engine: address,
    sync: pipes,
    organization: "organization",
    project: project.name,
    "root-directory": folder,
    stack: STACK,
    pwd: folder,
    parallel: "16",
  };
  try {
    return await execa(
      process.execPath,
      [
        join(clone, "node_modules/@pulumi/pulumi/cmd/run"),
        ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
        "--dry-run",
        project.main,
      ],
      {
        cwd: folder,
        reject: false,
        all: true,
        stdin: "ignore",
        env: {
          PULUMI_CONFIG: JSON.stringify(hostConfig(config)),
          PULUMI_CONFIG_SECRET_KEYS: "[]",
          // A context of the tester's own may have the stack's name.
          KUBECONFIG: "/dev/null",
          ...(project.runtime.options.typescript !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
        },
      },
    );
  } finally {
    engine.close();
    await rm(pipes, { recursive: true });
  }
}

/** A stack's configuration as the host passes it: old keys, structured values as JSON. */
function hostConfig(config: Config): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace(":", ":config:"),
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
