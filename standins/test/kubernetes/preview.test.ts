import assert from "node:assert/strict";
import { UNKNOWN } from "../../values.ts";
import { stacks, stepOf } from "../stack.ts";
import { live, newNamespace, program } from "./cluster.ts";
import { configMap, cronJob } from "./objects.ts";

describe("a preview through the stand-in for kubernetes", () => {
  const newStack = stacks();

  it("knows the API server's defaults, and nothing that the API server assigns only when it creates", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const seen = configMap(namespace, "seen", {
      concurrency: { $output: ["backup", "spec", "concurrencyPolicy"] },
      uid: { $output: ["backup", "metadata", "uid"] },
      created: { $output: ["backup", "metadata", "creationTimestamp"] },
    });
    const { steps, exitCode, text } = await stack.preview(program([cronJob(namespace, "backup"), seen]));
    assert.equal(exitCode, 0, text);
    const expected = { concurrency: "Allow", uid: UNKNOWN, created: UNKNOWN };
    assert.deepEqual(stepOf(steps, "seen")?.newState?.inputs?.data, expected);
    assert.equal(await live("cronjob", namespace, "backup"), undefined);
  });

  it("fails on a value that the API server rejects, with its text", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const { exitCode, text } = await stack.preview(program([cronJob(namespace, "backup", { schedule: "0 25 * * *" })]));
    assert.notEqual(exitCode, 0);
    assert.match(text, /spec\.schedule: Invalid value: .*0 25 \* \* \*/);
  });

  it("fails on a field that the API server does not know, as up does, and both name its path", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const misspelt = program([cronJob(namespace, "backup", { startingDeadline: 60 })]);
    for (const { exitCode, text } of [await stack.preview(misspelt), await stack.up(misspelt)]) {
      assert.notEqual(exitCode, 0);
      assert.match(text, /strict decoding error: unknown field \\?"spec\.startingDeadline\\?"/);
    }
    assert.equal(await live("cronjob", namespace, "backup"), undefined);
  });

  it("passes where a namespace or a kind is made by the same program, and up makes all of them", async () => {
    const namespace = await newNamespace();
    const group = `${namespace}.example.com`;
    const definition = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `drills.${group}` },
      spec: {
        group,
        scope: "Namespaced",
        names: { kind: "Drill", plural: "drills", singular: "drill" },
        versions: [
          {
            name: "v1",
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object" } } } },
          },
        ],
      },
    };
    const later = `${namespace}-later`;
    const declared = program([
      { apiVersion: "v1", kind: "Namespace", metadata: { name: later } },
      definition,
      configMap(later, "settings", {}),
      { apiVersion: `${group}/v1`, kind: "Drill", metadata: { name: "drill", namespace: later } },
    ]);
    const stack = await newStack();
    const preview = await stack.preview(declared);
    assert.equal(preview.exitCode, 0, preview.text);
    const up = await stack.up(declared);
    assert.equal(up.exitCode, 0, up.text);
    assert.ok(await live("configmap", later, "settings"));
    assert.ok(await live(`drills.${group}`, later, "drill"));
  });
});
