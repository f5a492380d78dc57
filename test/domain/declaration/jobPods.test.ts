import assert from "node:assert/strict";
import { type JobPods, jobPodsSchema, mergedPods } from "../../../domain/declaration/jobPods.ts";
import { faultsOf } from "../../../domain/declaration/parse.ts";
import { refused } from "../../support/refused.ts";

const faults = (pods: unknown) => refused(faultsOf(jobPodsSchema, pods, "jobs"));
const refusedAt = (path: string) => [["not-allowed", path]];

describe("what is declared about the pods of jobs", () => {
  it("is a toleration that the API server takes", () => {
    const ofOne = (toleration: object) => faults({ tolerations: [toleration] });
    for (const toleration of [
      { operator: "Exists" },
      { key: "dedicated", value: "database" },
      { key: "dedicated", operator: "Exists", effect: "NoExecute", tolerationSeconds: 0 },
    ]) {
      assert.deepEqual(ofOne(toleration), [], JSON.stringify(toleration));
    }
    const at = "jobs.tolerations[0]";
    assert.deepEqual(ofOne({ value: "database" }), [["missing", `${at}.operator`]]);
    assert.deepEqual(ofOne({ key: "a", operator: "Exists", value: "b" }), refusedAt(`${at}.value`));
    assert.deepEqual(ofOne({ key: "a", tolerationSeconds: 1 }), refusedAt(`${at}.tolerationSeconds`));
    assert.deepEqual(ofOne({ key: "a", effect: "Never" }), refusedAt(`${at}.effect`));
    assert.deepEqual(ofOne({ kye: "a", operator: "Exists" }), [["unknown-key", `${at}.kye`]]);
  });

  it("is no label or annotation that Upkeep or Kubernetes sets itself", () => {
    for (const key of [
      "upkeep/job",
      "app.kubernetes.io/managed-by",
      "app.kubernetes.io/part-of",
      "job-name",
      "batch.kubernetes.io/job-name",
    ]) {
      assert.deepEqual(faults({ labels: { [key]: "x" } }), refusedAt(`jobs.labels["${key}"]`));
    }
    for (const key of [
      "cluster-autoscaler.kubernetes.io/safe-to-evict",
      "karpenter.sh/do-not-disrupt",
      "upkeep/users",
    ]) {
      assert.deepEqual(faults({ annotations: { [key]: "x" } }), refusedAt(`jobs.annotations["${key}"]`));
    }
    const labels = { "sidecar.istio.io/inject": "false", "app.kubernetes.io/component": "backup" };
    assert.deepEqual(faults({ labels, annotations: { "linkerd.io/inject": "disabled", empty: "" } }), []);
  });

  it("is an affinity whose every field Kubernetes knows, with as many values as its operators take", () => {
    const ofNodes = (requirement: object) => ({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [requirement] }] },
        },
      },
    });
    const at =
      "jobs.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0]";
    for (const good of [
      { key: "pool", operator: "In", values: ["a", "b"] },
      { key: "pool", operator: "Exists" },
      { key: "cores", operator: "Gt", values: ["4"] },
    ]) {
      assert.deepEqual(faults(ofNodes(good)), [], JSON.stringify(good));
    }
    for (const bad of [
      { key: "pool", operator: "In" },
      { key: "pool", operator: "Exists", values: ["a"] },
      { key: "cores", operator: "Gt", values: ["4", "5"] },
    ]) {
      assert.deepEqual(
        faults(ofNodes(bad)).map(([, path]) => path),
        [`${at}.values`],
        JSON.stringify(bad),
      );
    }
    assert.deepEqual(faults({ affinity: { nodeAfinity: {} } }), [["unknown-key", "jobs.affinity.nodeAfinity"]]);
  });

  it("is an amount of CPU above 0, and a size of memory by the name of a step", () => {
    for (const cpu of ["1", "500m", "0.5", "0.1"])
      assert.deepEqual(faults({ resources: { limits: { cpu } } }), [], cpu);
    for (const cpu of ["0", "0m", "0.0", "half", "1.5m", "-1"]) {
      assert.deepEqual(faults({ resources: { limits: { cpu } } }), refusedAt("jobs.resources.limits.cpu"), cpu);
    }
    assert.deepEqual(faults({ memory: { dump: "1Gi" } }), []);
    assert.deepEqual(faults({ memory: { dump: "1GB" } }), refusedAt("jobs.memory.dump"));
    assert.notDeepEqual(faults({ memory: { dmup: "1Gi" } }), []);
  });

  it("is one of two answers to whose users they run as", () => {
    for (const users of ["image", "none"]) assert.deepEqual(faults({ users }), []);
    assert.deepEqual(faults({ users: "root" }), refusedAt("jobs.users"));
  });
});

describe("several declarations about the pods of jobs", () => {
  it("are merged as Helm merges values: maps by key, lists as a whole, the later over the earlier", () => {
    const environment: JobPods = {
      tolerations: [{ operator: "Exists" }],
      nodeSelector: { a: "1", b: "1" },
      labels: { a: "1" },
      annotations: { a: "1" },
      resources: { requests: { cpu: "1" }, limits: { cpu: "1" } },
      memory: { dump: "1Gi", verify: "1Gi" },
      priorityClassName: "one",
    };
    const service: JobPods = {
      tolerations: [{ key: "b", operator: "Exists" }],
      nodeSelector: { b: "2" },
      labels: { b: "2" },
      annotations: { b: "2" },
      resources: { limits: { cpu: "2" } },
      memory: { dump: "2Gi" },
      runtimeClassName: "two",
    };
    assert.deepEqual(mergedPods(environment, undefined, service), {
      tolerations: [{ key: "b", operator: "Exists" }],
      nodeSelector: { a: "1", b: "2" },
      labels: { a: "1", b: "2" },
      annotations: { a: "1", b: "2" },
      resources: { requests: { cpu: "1" }, limits: { cpu: "2" } },
      memory: { dump: "2Gi", verify: "1Gi" },
      priorityClassName: "one",
      runtimeClassName: "two",
    });
    assert.deepEqual(mergedPods(undefined), {});
  });
});
