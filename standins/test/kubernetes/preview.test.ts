import assert from "node:assert/strict";
import { stacks, stepOf } from "../stack.ts";
import { live, newNamespace, program } from "./cluster.ts";
import { configMap, cronJob } from "./objects.ts";

describe("a preview through the Kubernetes provider", () => {
  const newStack = stacks();

  it("knows the API server's defaults, and a uid and a creation time that are not those of the object", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const seen = configMap(namespace, "seen", {
      concurrency: { $output: ["backup", "spec", "concurrencyPolicy"] },
      uid: { $output: ["backup", "metadata", "uid"] },
      created: { $output: ["backup", "metadata", "creationTimestamp"] },
    });
    const declared = program([cronJob(namespace, "backup"), seen]);
    const { steps, exitCode, text } = await stack.preview(declared);
    assert.equal(exitCode, 0, text);
    const { concurrency, uid, created } = stepOf(steps, "seen")?.newState?.inputs?.data ?? {};
    assert.equal(concurrency, "Allow");
    assert.match(uid, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(created, /^\d{4}-\d\d-\d\dT/);
    assert.equal(await live("cronjob", namespace, "backup"), undefined);
    const up = await stack.up(declared);
    assert.equal(up.exitCode, 0, up.text);
    assert.notEqual((await live("cronjob", namespace, "backup")).metadata.uid, uid);
  });

  it("fails on a value that the API server rejects, with its text", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const { exitCode, text } = await stack.preview(program([cronJob(namespace, "backup", { schedule: "0 25 * * *" })]));
    assert.notEqual(exitCode, 0);
    assert.match(text, /spec\.schedule: Invalid value: .*0 25 \* \* \*/);
  });

  it("passes with a field that the API server does not know, as up does, which drops it", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const misspelt = program([cronJob(namespace, "backup", { startingDeadline: 60 })]);
    for (const { exitCode, text } of [await stack.preview(misspelt), await stack.up(misspelt)]) {
      assert.equal(exitCode, 0, text);
      assert.doesNotMatch(text, /startingDeadline.*unknown|unknown.*startingDeadline/);
    }
    assert.equal((await live("cronjob", namespace, "backup")).spec.startingDeadline, undefined);
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
