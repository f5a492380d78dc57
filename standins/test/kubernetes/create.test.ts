import assert from "node:assert/strict";
import { stacks } from "../stack.ts";
import { live, newNamespace, program, put } from "./cluster.ts";
import { configMap, job, pod } from "./objects.ts";

describe("creating through the Kubernetes provider", () => {
  const newStack = stacks();

  it("refuses an object that exists, with the API's text, though a preview passes; upsert adopts it", async () => {
    const namespace = await newNamespace();
    await put(configMap(namespace, "settings", { level: "info", theirs: "kept" }));
    const declared = program([configMap(namespace, "settings", { level: "info", ours: "added" })]);
    const stack = await newStack();
    assert.equal((await stack.preview(declared)).exitCode, 0);
    const refused = await stack.up(declared);
    assert.notEqual(refused.exitCode, 0);
    assert.match(refused.text, /configmaps "settings" already exists/);
    const adopted = await stack.up(declared, { PULUMI_K8S_UPSERT_EXISTING_OBJECTS: "true" });
    assert.equal(adopted.exitCode, 0, adopted.text);
    const { data } = await live("configmap", namespace, "settings");
    assert.deepEqual(data, { level: "info", theirs: "kept", ours: "added" });
  });

  it("shows why pod security admission refuses a pod", async () => {
    const namespace = await newNamespace({ "pod-security.kubernetes.io/enforce": "restricted" });
    const stack = await newStack();
    const { exitCode, text } = await stack.up(program([pod(namespace, "careless")]));
    assert.notEqual(exitCode, 0);
    assert.match(text, /violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false/);
  });

  it("waits until a Job has completed, and lets the program read its status", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const { exitCode, text } = await stack.up(program([job(namespace, "drill", { completions: 0 })]));
    assert.equal(exitCode, 0, text);
    const recorded = await stack.recorded("drill");
    const conditions: { type: string; status: string }[] = recorded?.outputs?.status.conditions;
    assert.ok(conditions.some(({ type, status }) => type === "Complete" && status === "True"));
  });

  it("records a Job that fails with its reason, and asks for it again at the next up", async () => {
    const namespace = await newNamespace();
    const declared = program([job(namespace, "drill", { activeDeadlineSeconds: 1 })]);
    const stack = await newStack();
    for (const { exitCode, text } of [await stack.up(declared), await stack.up(declared)]) {
      assert.notEqual(exitCode, 0);
      assert.match(text, /the Job failed: DeadlineExceeded/);
    }
    const recorded = await stack.recorded("drill");
    assert.equal(recorded?.id, `${namespace}/drill`);
    assert.match(String(recorded?.initErrors), /DeadlineExceeded/);
  });
});
