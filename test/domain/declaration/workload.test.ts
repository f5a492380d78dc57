import assert from "node:assert/strict";
import { daemonSet, deployment, statefulSet } from "../../../domain/declaration/workload.ts";
import { guide } from "../../../domain/values/sourced.ts";

describe("a workload", () => {
  it("is of its kind, with a container of its own name", () => {
    assert.deepEqual(deployment("web"), { kind: "Deployment", name: "web", container: "web" });
    assert.deepEqual(statefulSet("store"), { kind: "StatefulSet", name: "store", container: "store" });
    assert.deepEqual(daemonSet("agent"), { kind: "DaemonSet", name: "agent", container: "agent" });
  });

  it("keeps what is declared of it, and its kind and name whatever that says", () => {
    const facts = { container: "app", pods: { app: "web" }, maxUnavailable: guide(1) };
    const other = { ...facts, kind: "Job", name: "other" } as object;
    assert.deepEqual(deployment("web", other), { ...facts, kind: "Deployment", name: "web" });
    assert.deepEqual(statefulSet("store", other), { ...facts, kind: "StatefulSet", name: "store" });
    assert.deepEqual(daemonSet("agent", other), { ...facts, kind: "DaemonSet", name: "agent" });
  });
});
