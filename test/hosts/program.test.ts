import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse } from "yaml";
import { clone } from "../../sandbox/settings.ts";
import { RecordingEngine } from "./recordingEngine.ts";

const STACK = "staging";

/** Starts the program as pulumi-language-nodejs does (its Run: constructArguments, constructConfig), without our wrapper around it. */
async function runProgram(engine: RecordingEngine, extra: Record<string, string> = {}) {
  const project = parse(await readFile(join(clone, "Pulumi.yaml"), "utf8"));
  const { config } = parse(await readFile(join(clone, `Pulumi.${STACK}.yaml`), "utf8"));
  const address = await engine.listen();
  const pipes = await mkdtemp(join(tmpdir(), "upkeep-host-"));
  const flags = {
    monitor: address,
    engine: address,
    sync: pipes,
    organization: "organization",
    project: project.name,
    "root-directory": clone,
    stack: STACK,
    pwd: clone,
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
        cwd: clone,
        reject: false,
        stdin: "ignore",
        env: {
          PULUMI_CONFIG: JSON.stringify(hostConfig(config)),
          PULUMI_CONFIG_SECRET_KEYS: "[]",
          // A context of the tester's own may have the stack's name.
          KUBECONFIG: "/dev/null",
          ...(project.runtime.options.typescript !== false && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
          ...extra,
        },
      },
    );
  } finally {
    engine.close();
    await rm(pipes, { recursive: true });
  }
}

/** A stack's configuration as the host hands it over: old keys, structured values as JSON. */
function hostConfig(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.replace(":", ":config:"),
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

describe("the program, started by the host of a stock Pulumi", function () {
  this.timeout(180_000);
  const engine = new RecordingEngine();
  let result: Awaited<ReturnType<typeof runProgram>>;
  before(async () => {
    result = await runProgram(engine);
  });

  it("ends well, with nothing to complain about", () => {
    assert.deepEqual([result.exitCode, result.stderr, engine.complaints], [0, "", []]);
  });

  it("registers the hardened CronJob, the bucket and their component", () => {
    const types = engine.registrations.map(({ type }) => type);
    for (const type of ["kubernetes:batch/v1:CronJob", "aws:s3/bucket:Bucket", "upkeep:backup:PostgresBackup"]) {
      assert.ok(types.includes(type), `no ${type} among ${types.join(", ")}`);
    }
  });

  it("asks no provider anything", () => {
    assert.deepEqual(engine.invokes, []);
  });

  it("exports the posture", () => {
    const stack = engine.registrations.find(({ type }) => type === "pulumi:pulumi:Stack");
    const outputs = engine.outputs.get(`urn:pulumi:staging::upkeep::pulumi:pulumi:Stack::${stack?.name}`);
    assert.deepEqual(Object.keys(outputs ?? {}), ["posture"]);
  });
});
