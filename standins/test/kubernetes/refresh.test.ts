import assert from "node:assert/strict";
import { stacks, stepOf } from "../stack.ts";
import { kubectl, live, newNamespace, program, put } from "./cluster.ts";
import { configMap, cronJob, roleBinding } from "./objects.ts";

describe("reading through the Kubernetes provider", () => {
  const newStack = stacks();

  it("finds at a refresh what was changed by hand; the next up puts it back, and leaves the rest", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const declared = program([cronJob(namespace, "backup"), configMap(namespace, "settings", { level: "info" })]);
    await stack.up(declared);
    await kubectl("patch", "cronjob", "backup", "-n", namespace, "-p", '{"spec":{"schedule":"30 4 * * *"}}');
    const refresh = await stack.run(["refresh", "--yes", "--skip-preview"]);
    assert.match(refresh.text, /~ 1 updated/);
    const { steps } = await stack.preview(declared);
    assert.deepEqual(Object.keys(stepOf(steps, "backup")?.detailedDiff ?? {}), ["spec.schedule"]);
    assert.equal(stepOf(steps, "settings")?.op, "same");
    const up = await stack.up(declared);
    assert.match(up.text, /~ 1 updated/, up.text);
    assert.equal((await live("cronjob", namespace, "backup")).spec.schedule, "0 2 * * *");
  });

  it("does not find what was appended to a list, and leaves it", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const declared = program([roleBinding(namespace, "reader", "view")]);
    await stack.up(declared);
    const append = [{ op: "add", path: "/subjects/-", value: { kind: "ServiceAccount", name: "other", namespace } }];
    await kubectl("patch", "rolebinding", "reader", "-n", namespace, "--type=json", "-p", JSON.stringify(append));
    await stack.run(["refresh", "--yes", "--skip-preview"]);
    const { steps } = await stack.preview(declared);
    assert.equal(stepOf(steps, "reader")?.op, "same");
    await stack.up(declared);
    assert.equal((await live("rolebinding", namespace, "reader")).subjects.length, 2);
  });

  it("finds at a refresh what was deleted by hand; the next up creates it again", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const declared = program([configMap(namespace, "settings", { level: "info" })]);
    await stack.up(declared);
    await kubectl("delete", "configmap", "settings", "-n", namespace);
    const refresh = await stack.run(["refresh", "--yes", "--skip-preview"]);
    assert.match(refresh.text, /- 1 deleted/);
    assert.equal(await stack.recorded("settings"), undefined);
    const up = await stack.up(declared);
    assert.match(up.text, /\+ 1 created/, up.text);
    assert.ok(await live("configmap", namespace, "settings"));
  });

  it("imports an object with the inputs that make it, after which the program changes nothing", async () => {
    const namespace = await newNamespace();
    await put(configMap(namespace, "settings", { level: "info" }, { labels: { team: "operations" } }));
    const stack = await newStack();
    await stack.up(program([]));
    const { urn } = (await stack.recorded("provider")) ?? {};
    const imported = await stack.run([
      "import",
      "kubernetes:core/v1:ConfigMap",
      "settings",
      `${namespace}/settings`,
      `--provider=provider=${urn}`,
      "--generate-code=false",
      "--protect=false",
      "--yes",
    ]);
    assert.equal(imported.exitCode, 0, imported.text);
    const object = configMap(namespace, "settings", { level: "info" }, { labels: { team: "operations" } });
    assert.deepEqual((await stack.recorded("settings"))?.inputs, object);
    const up = await stack.up(program([object]));
    assert.match(up.text, /3 unchanged/, up.text);
  });
});
