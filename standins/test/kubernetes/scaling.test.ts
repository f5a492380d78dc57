import assert from "node:assert/strict";
import { stacks, stepOf } from "../stack.ts";
import { type KubernetesObject, live, newNamespace, program, until } from "./cluster.ts";

function autoscaler(namespace: string, maxReplicas: number): KubernetesObject {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: "web", namespace },
    spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" }, minReplicas: 2, maxReplicas },
  };
}

function budget(namespace: string, maxUnavailable: number): KubernetesObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "web", namespace },
    spec: { maxUnavailable, selector: { matchLabels: { app: "web" } } },
  };
}

/** In one program, where two resources may not have one name. */
const declared = (namespace: string, most: number) => {
  const { resources, ...rest } = program([autoscaler(namespace, most), budget(namespace, most)]);
  return { ...rest, resources: resources.map((one, index) => ({ ...one, name: index === 0 ? "hpa" : "pdb" })) };
};

describe("autoscalers and budgets through the Kubernetes provider", () => {
  const newStack = stacks();

  it("are changed in place, and what their controllers write of them is no change", async function () {
    // A controller looks at a new autoscaler after 15 seconds or more.
    this.timeout("4m");
    const namespace = await newNamespace();
    const stack = await newStack();
    await stack.up(declared(namespace, 3));
    const uids = async () =>
      (await Promise.all(["hpa", "pdb"].map((kind) => live(kind, namespace, "web")))).map(
        ({ metadata }) => metadata.uid,
      );
    const before = await uids();
    await until(async () => (await live("hpa", namespace, "web")).status?.conditions !== undefined);
    await until(async () => (await live("pdb", namespace, "web")).status?.conditions !== undefined);
    const refresh = await stack.run(["refresh", "--yes", "--skip-preview"]);
    assert.equal(refresh.exitCode, 0, refresh.text);
    const same = await stack.preview(declared(namespace, 3));
    assert.deepEqual([stepOf(same.steps, "hpa")?.op, stepOf(same.steps, "pdb")?.op], ["same", "same"]);

    const { steps } = await stack.preview(declared(namespace, 4));
    assert.deepEqual(Object.keys(stepOf(steps, "hpa")?.detailedDiff ?? {}), ["spec.maxReplicas"]);
    assert.deepEqual(Object.keys(stepOf(steps, "pdb")?.detailedDiff ?? {}), ["spec.maxUnavailable"]);
    const up = await stack.up(declared(namespace, 4));
    assert.match(up.text, /~ 2 updated/, up.text);
    assert.deepEqual(await uids(), before);
    assert.equal((await live("hpa", namespace, "web")).spec.maxReplicas, 4);
    assert.equal((await live("pdb", namespace, "web")).spec.maxUnavailable, 4);
  });

  it("are refused in a preview with bounds that the API refuses", async () => {
    const namespace = await newNamespace();
    const stack = await newStack();
    const { exitCode, text } = await stack.preview(declared(namespace, 1));
    assert.notEqual(exitCode, 0);
    assert.match(text, /spec\.maxReplicas: Invalid value: 1: must be greater than or equal to `minReplicas`/);
  });
});
