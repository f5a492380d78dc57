import assert from "node:assert/strict";
import { OwnJob } from "../../components/jobs/ownJob.ts";
import { type OwnJob as Declared, job } from "../../domain/declaration/ownJob.ts";
import { imageNames } from "../../sandbox/images/names.ts";
import { namespace } from "../../sandbox/world/objects.ts";
import { registered } from "../components/resources.ts";
import { environmentOf } from "../support/environment.ts";
import { type Sandbox, sandboxUnderTest } from "../support/sandbox.ts";
import { runOnce } from "./cluster.ts";

const STAGE = "own-job-test";

/** What the image's program sees: its arguments, its variables, and where it may write. */
const program = `
const { writeFileSync } = require("node:fs");
const writable = (file) => { try { writeFileSync(file, ""); return true; } catch { return false; } };
const { HOME, API, TOKEN } = process.env;
const folders = ["/tmp/x", "/scratch/x", "/x"].map(writable);
console.log(JSON.stringify({ arguments: process.argv.slice(1), HOME, API, TOKEN, folders, user: process.getuid() }));
process.exitCode = Number(process.argv[1]);
`;

/** A job that ends with the given code. */
const declared = (name: string, code: string): Declared =>
  job(name, {
    purpose: "shows what a program sees",
    image: imageNames.node,
    runAsUser: 1234,
    command: ["node", "--eval", program, "--", code, "$(HOME) costs $5 and $$"],
    deadline: "2m",
    memory: "128Mi",
    variables: { API: "http://shop/$(HOME)" },
    secrets: { TOKEN: { secret: "token", key: "value" } },
  });

describe("a job in a service's own image, run by the controller", function () {
  this.timeout("5m");
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await sandboxUnderTest();
    await sandbox.kubectl("delete", "namespace", STAGE, "--ignore-not-found");
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "token", namespace: STAGE } };
    const environment = environmentOf("sandbox");
    const service = { name: "own", namespace: STAGE, windows: [] };
    const resources = await registered(() => {
      for (const one of [declared("good", "0"), declared("bad", "3")]) {
        new OwnJob(one.name, { environment, service, job: one });
      }
    });
    const objects = resources.filter(({ type }) => type.startsWith("kubernetes:")).map(({ inputs }) => inputs);
    const items = [...namespace(STAGE), { ...secret, stringData: { value: "s3cret" } }, ...objects];
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    await sandbox.run("kubectl", ["apply", "--server-side", "--validate=strict", "--filename=-"], list);
  });
  after(() => sandbox.kubectl("delete", "namespace", STAGE, "--ignore-not-found"));

  it("gets its arguments and variables as they are written, and may write in /tmp and /scratch alone", async () => {
    const { succeeded, lines } = await runOnce(sandbox, STAGE, "good");
    assert.ok(succeeded, lines.join("\n"));
    assert.deepEqual(JSON.parse(lines[0] as string), {
      arguments: ["0", "$(HOME) costs $5 and $$"],
      HOME: "/tmp",
      API: "http://shop/$(HOME)",
      TOKEN: "s3cret",
      folders: [true, true, false],
      user: 1234,
    });
  });

  it("fails with its program's exit code", async () => {
    const { succeeded, exitCode } = await runOnce(sandbox, STAGE, "bad");
    assert.deepEqual([succeeded, exitCode], [false, 3]);
  });
});
