import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { stacks } from "../stack.ts";
import { live, newNamespace, program, until } from "./cluster.ts";
import { job } from "./objects.ts";

describe("the Kubernetes provider, when the engine is killed", () => {
  const newStack = stacks();

  it("ends by itself, with the object that it was creating created", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    await stack.declare(program([job(namespace, "endless")]));
    const engine = stack.start(["up", "--yes", "--skip-preview"]);
    await until(async () => (await live("job", namespace, "endless")) !== undefined);
    const [provider] = await childrenOf(engine.pid, /standins\/kubernetes\/main\.ts|vendor-kubernetes-provider/);
    assert.ok(provider, "the provider is not the engine's child");
    process.kill(engine.pid, "SIGKILL");
    await engine.outcome;
    try {
      await until(async () => (await commandLine(provider)) === "");
    } finally {
      if ((await commandLine(provider)) !== "") process.kill(provider, "SIGKILL");
    }
    assert.ok(await live("job", namespace, "endless"));
  });
});

async function childrenOf(parent: number, command: RegExp): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const children = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      return status.includes(`\nPPid:\t${parent}\n`) && command.test(await commandLine(pid)) ? pid : [];
    }),
  );
  return children.flat();
}

/** Empty once the process has ended. */
async function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
}
