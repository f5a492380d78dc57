import assert from "node:assert/strict";
import { templatePathOf, writtenObjects } from "../../../domain/kubernetes/writtenObjects.ts";
import { runCheck } from "../../../domain/values/attempt.ts";
import { forgiving, unread } from "../../support/unread.ts";

const objects = (type: string, properties: Record<string, unknown>, attempt = runCheck) =>
  writtenObjects(type, properties, attempt).map(({ group, kind, at, partial }) => [group, kind, at, partial]);

describe("the objects in a resource", () => {
  it("are the resource itself, by group and kind", () => {
    assert.deepEqual(objects("kubernetes:core/v1:Pod", {}), [["core", "Pod", "", false]]);
    assert.deepEqual(objects("kubernetes:argoproj.io/v1alpha1:Rollout", {}), [["argoproj.io", "Rollout", "", false]]);
  });

  it("are a Patch of one", () =>
    assert.deepEqual(objects("kubernetes:batch/v1:CronJobPatch", {}), [["batch", "CronJob", "", true]]));

  it("are a List's items, each of the list's kind or of its own", () => {
    const items = [{}, { kind: "Job" }, { apiVersion: "apps/v1", kind: "Deployment" }, { apiVersion: 1 }, null, "text"];
    assert.deepEqual(objects("kubernetes:batch/v1:CronJobList", { items }), [
      ["batch", "CronJob", "items[0]", false],
      ["core", "Job", "items[1]", false],
      ["apps", "Deployment", "items[2]", false],
      ["batch", "CronJob", "items[3]", false],
    ]);
    assert.deepEqual(objects("kubernetes:example.com/v1:PriceList", { spec: {} }), [
      ["example.com", "PriceList", "", false],
    ]);
  });

  it("are read but for an item that is not known yet", () => {
    const items = unread([{}, {}], "0");
    assert.deepEqual(objects("kubernetes:batch/v1:JobList", { items }, forgiving), [
      ["batch", "Job", "items[1]", false],
    ]);
  });
});

describe("the path of a pod's template", () => {
  const pathOf = (group: string, kind: string, fields: object = {}) =>
    templatePathOf({ group, kind, fields: fields as Record<string, unknown>, at: "", partial: false })?.join(".");

  it("is that of its kind, in any version of Kubernetes' own groups", () => {
    assert.equal(pathOf("core", "Pod"), "");
    assert.equal(pathOf("core", "PodTemplate"), "template");
    assert.equal(pathOf("core", "ReplicationController"), "spec.template");
    assert.equal(pathOf("extensions", "Deployment"), "spec.template");
    assert.equal(pathOf("batch", "CronJob"), "spec.jobTemplate.spec.template");
    for (const kind of ["Service", "constructor", "ConfigMap"]) assert.equal(pathOf("core", kind), undefined);
  });

  it("is where a custom resource has containers", () => {
    const containers = { spec: { containers: [] } };
    assert.equal(pathOf("argoproj.io", "Rollout", { spec: { template: containers } }), "spec.template");
    assert.equal(
      pathOf("keda.sh", "ScaledJob", { spec: { jobTargetRef: { template: containers } } }),
      "spec.jobTargetRef.template",
    );
    assert.equal(
      pathOf("apps.kruise.io", "AdvancedCronJob", { spec: { jobTemplate: { spec: { template: containers } } } }),
      "spec.jobTemplate.spec.template",
    );
    for (const fields of [{}, { spec: null }, { spec: { template: "text" } }, { spec: { template: { spec: {} } } }]) {
      assert.equal(pathOf("example.com", "Any", fields), undefined);
    }
  });
});
