import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { stacks } from "../stack.ts";
import { kubectl, live, newNamespace, program, until } from "./cluster.ts";
import { configMap } from "./objects.ts";

describe("deleting through the Kubernetes provider", () => {
  const newStack = stacks();

  it("returns when the object is gone, not when the API accepts the deletion; an object that was gone before is no error", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const held = configMap(namespace, "held", {}, { finalizers: ["example.com/hold"] });
    await stack.up(program([held, configMap(namespace, "gone", {})]));
    await kubectl("delete", "configmap", "gone", "-n", namespace);
    let ended = false;
    const destroy = stack.run(["destroy", "--yes", "--skip-preview"]).finally(() => {
      ended = true;
    });
    await until(async () => (await live("configmap", namespace, "held")).metadata.deletionTimestamp !== undefined);
    await sleep(1000);
    assert.equal(ended, false);
    await kubectl("patch", "configmap", "held", "-n", namespace, "-p", '{"metadata":{"finalizers":null}}');
    const { exitCode, text } = await destroy;
    assert.equal(exitCode, 0, text);
    assert.equal(await live("configmap", namespace, "held"), undefined);
  });
});
