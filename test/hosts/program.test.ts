import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { copyWith } from "../support/copyWith.ts";
import { shop } from "../support/shop.ts";
import { RecordingEngine } from "./recordingEngine.ts";
import { runProgram } from "./runProgram.ts";

describe("the program, started by the host of a stock Pulumi", function () {
  this.timeout(180_000);
  const engine = new RecordingEngine();
  let result: Awaited<ReturnType<typeof runProgram>>;
  let folder: string;
  before(async () => {
    folder = await copyWith("upkeep-program-", shop);
    const change = (config: Record<string, unknown>) =>
      Object.assign(config, { "upkeep:services": ["shop"], "upkeep:differs": {} });
    result = await runProgram(engine, { folder, change });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("succeeds, without a warning", () => {
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
