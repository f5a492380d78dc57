import assert from "node:assert/strict";
import type { V1PodSpec } from "@kubernetes/client-node";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { set, under } from "./judge.ts";
import { withProxy } from "./proxy.ts";
import { run } from "./run.ts";

const namespace = "lang-observatory";
const bucket = "lang-observatory-backups-sandbox-123456789012-eu-central-1";
const database = { host: "lang-observatory-postgresql", port: 5432 };

/** Before PostgreSQL 16 a dump passes a named pipe, whose ends are two programs: the failure of either must be the dump's. */
describe("a dump of PostgreSQL 15, which is compressed on its way", function () {
  this.timeout("10m");
  let sandbox: Sandbox;
  let prefix: string;
  before(async () => {
    sandbox = await sandboxUnderTest();
  });
  beforeEach(() => {
    prefix = `pipe/${Date.now()}/`;
  });

  async function fails(name: string, change: (pod: V1PodSpec) => void, says: RegExp): Promise<void> {
    const pod = (spec: V1PodSpec) => {
      under(spec, prefix);
      change(spec);
    };
    const { succeeded, exits, log } = await run(sandbox, "postgres-backup", name, { pod }, "template", namespace);
    assert.equal(succeeded, false, log);
    assert.ok(exits.dump, `the dump ended with ${exits.dump}: ${log}`);
    assert.match(log, says);
    const list = [
      "s3api",
      "list-objects-v2",
      "--bucket",
      bucket,
      "--prefix",
      prefix,
      "--query=length(Contents || `[]`)",
    ];
    assert.equal(await sandbox.aws(...list, "--output=text"), "0");
  }

  it("fails where the compressor does: the scratch space is full", () =>
    fails(
      "pipe-full",
      (pod) => {
        for (const volume of pod.volumes ?? [])
          if (volume.name === "scratch") volume.emptyDir = { medium: "Memory", sizeLimit: "32Ki" };
      },
      /No space left on device/,
    ));

  it("fails where the server's connection is cut", () =>
    withProxy(
      sandbox,
      "pipe",
      database,
      { to: "answer", does: "cut", after: 100_000 },
      async (proxy) => {
        const cut = (pod: V1PodSpec) => set(pod, "dump", "PGHOST", proxy.address);
        await fails("pipe-cut", cut, /pg_dump: error: /);
        assert.match(await proxy.log(), /cut: closed after 100000 bytes/);
      },
      namespace,
    ));
});
