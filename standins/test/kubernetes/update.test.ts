import assert from "node:assert/strict";
import { type Stack, stacks, stepOf } from "../stack.ts";
import { applyAs, kubectl, live, newNamespace, program } from "./cluster.ts";
import { configMap, cronJob, roleBinding } from "./objects.ts";

describe("updating through the Kubernetes provider", () => {
  const newStack = stacks();

  it("changes in place only what differs, and removes what is no longer declared", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const before = cronJob(namespace, "backup", { suspend: true }, { labels: { team: "operations" } });
    const created = await stack.up(program([before]));
    assert.equal(created.exitCode, 0, created.text);
    const { metadata } = await live("cronjob", namespace, "backup");
    const changed = cronJob(namespace, "backup", { schedule: "0 3 * * *" });
    const seen = configMap(namespace, "seen", { uid: { $output: ["backup", "metadata", "uid"] } });
    const { steps } = await stack.preview(program([changed, seen]));
    assert.equal(stepOf(steps, "seen")?.newState?.inputs?.data.uid, metadata.uid);
    const updated = await stack.up(program([changed]));
    assert.equal(updated.exitCode, 0, updated.text);
    assert.match(updated.text, /~ 1 updated/);
    const after = await live("cronjob", namespace, "backup");
    assert.equal(after.metadata.uid, metadata.uid);
    assert.equal(after.spec.schedule, "0 3 * * *");
    assert.equal(after.spec.suspend, false);
    assert.equal(after.metadata.labels, undefined);
  });

  it("replaces an object for a field that cannot change, and the preview says which", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    await stack.up(program([roleBinding(namespace, "reader", "view")]));
    const { metadata } = await live("rolebinding", namespace, "reader");
    const changed = program([roleBinding(namespace, "reader", "edit")]);
    const { steps } = await stack.preview(changed);
    assert.deepEqual(stepOf(steps, "reader")?.detailedDiff, {
      "roleRef.name": { kind: "update-replace", inputDiff: false },
    });
    const { exitCode, text } = await stack.up(changed);
    assert.equal(exitCode, 0, text);
    const after = await live("rolebinding", namespace, "reader");
    assert.notEqual(after.metadata.uid, metadata.uid);
    assert.equal(after.roleRef.name, "edit");
  });

  it("replaces a ConfigMap for its data as the vendor does, unless the provider lets it change", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    await stack.up(program([configMap(namespace, "settings", { level: "info" })]));
    const changed = [configMap(namespace, "settings", { level: "debug" })];
    const replaced = await stack.preview(program(changed));
    assert.equal(stepOf(replaced.steps, "settings")?.detailedDiff?.["data.level"]?.kind, "update-replace");
    const { text } = await stack.up(program(changed, { enableConfigMapMutable: true }));
    assert.match(text, /kubernetes:core\/v1:ConfigMap settings updated/);
    assert.equal((await live("configmap", namespace, "settings")).data.level, "debug");
  });

  it("refuses a field that another manager owns, in the API's words, and takes it over when forced to", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    await createAndUpdate(stack, namespace);
    const theirs = cronJob(namespace, "backup", { suspend: true });
    await applyAs("night-shift", theirs);
    const ours = { suspend: false, schedule: "0 3 * * *" };
    const changed = program([cronJob(namespace, "backup", ours)]);
    for (const { exitCode, text } of [await stack.preview(changed), await stack.up(changed)]) {
      assert.notEqual(exitCode, 0);
      assert.match(text, /conflicts? with \\?"night-shift\\?"/);
      assert.match(text, /\.spec\.suspend/);
    }
    const annotations = { "pulumi.com/patchForce": "true" };
    const forced = await stack.up(program([cronJob(namespace, "backup", ours, { annotations })]));
    assert.equal(forced.exitCode, 0, forced.text);
    assert.equal((await live("cronjob", namespace, "backup")).spec.suspend, false);
  });

  it("conflicts in a preview with what was changed with kubectl, which up takes over", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    await createAndUpdate(stack, namespace);
    await kubectl("patch", "cronjob", "backup", "-n", namespace, "-p", '{"spec":{"suspend":true}}');
    const changed = program([cronJob(namespace, "backup", { suspend: false, schedule: "0 3 * * *" })]);
    const preview = await stack.preview(changed);
    assert.notEqual(preview.exitCode, 0);
    assert.match(
      preview.text,
      /Server-Side Apply field conflict detected[\s\S]*with \\?"kubectl-patch\\?"[\s\S]*\.spec\.suspend/,
    );
    const up = await stack.up(changed);
    assert.equal(up.exitCode, 0, up.text);
    assert.equal((await live("cronjob", namespace, "backup")).spec.suspend, false);
  });

  it("sees no conflict in a preview before its first update", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    await stack.up(program([cronJob(namespace, "backup", { suspend: false })]));
    await kubectl("patch", "cronjob", "backup", "-n", namespace, "-p", '{"spec":{"suspend":true}}');
    const { exitCode, text } = await stack.preview(
      program([cronJob(namespace, "backup", { suspend: false, schedule: "0 3 * * *" })]),
    );
    assert.equal(exitCode, 0, text);
  });
});

/** As most objects of a stack are: by its first update the provider owns by server-side apply what it created by POST. */
async function createAndUpdate(stack: Stack, namespace: string): Promise<void> {
  for (const historyLimit of [1, 2]) {
    const declared = cronJob(namespace, "backup", { suspend: false, failedJobsHistoryLimit: historyLimit });
    const { exitCode, text } = await stack.up(program([declared]));
    assert.equal(exitCode, 0, text);
  }
}
