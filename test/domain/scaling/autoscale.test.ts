import assert from "node:assert/strict";
import { type Autoscale, daemonSet, deployment, type Workload } from "../../../domain/declaration/workload.ts";
import { inEnvironment } from "../../../domain/environment/inEnvironment.ts";
import { autoscaleFaults, utilization } from "../../../domain/scaling/autoscale.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { environmentOf, settingsOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { shop } from "../../support/shop.ts";

const environment = environmentOf("prod");

const declared = deployment("web", {
  pods: { app: "web" },
  autoscale: { min: assumed(3), max: assumed(10), cpu: assumed("70%") },
  maxUnavailable: assumed(1),
});

const found = (...workloads: Workload[]) => refused(autoscaleFaults({ ...shop, workloads }, environment));

const scaled = (changes: object) => ({ ...declared, autoscale: { ...declared.autoscale, ...changes } }) as Workload;

describe("a workload's autoscaler and budget", () => {
  it("are accepted as the shop declares them, in every environment", () => {
    for (const stack of ["prod", "staging", "sandbox"]) {
      const its = environmentOf(stack);
      assert.deepEqual(autoscaleFaults(inEnvironment(shop, its), its), []);
    }
  });

  it("are not asked of a workload that is only watched", () => {
    assert.deepEqual(found(daemonSet("agent"), deployment("web"), deployment("web")), []);
  });

  const cases: [name: string, workload: Workload, code: string, path: string][] = [
    ["a max below min", scaled({ max: assumed(2) }), "autoscale-max-invalid", "autoscale.max"],
    [
      "an autoscaled DaemonSet",
      { ...declared, kind: "DaemonSet", maxUnavailable: undefined } as unknown as Workload,
      "daemonset-autoscaled",
      "autoscale",
    ],
    [
      "a budget for a DaemonSet",
      daemonSet("web", { pods: { app: "web" }, maxUnavailable: assumed(1) }),
      "daemonset-budgeted",
      "maxUnavailable",
    ],
    [
      "a budget without labels of pods",
      deployment("web", { maxUnavailable: assumed(1) }),
      "budget-without-pods",
      "pods",
    ],
    [
      "a budget with no label, which would select every pod of the namespace",
      { ...declared, pods: {} },
      "budget-without-pods",
      "pods",
    ],
    ["a budget of all pods", { ...declared, maxUnavailable: assumed(3) }, "budget-takes-every-pod", "maxUnavailable"],
  ];
  for (const [name, workload, code, path] of cases) {
    it(`refuse ${name}`, () => assert.deepEqual(found(workload), [[code, `workloads "web".${path}`]]));
  }

  it("name the kinds that may be scaled", () => {
    const [fault] = autoscaleFaults({ ...shop, workloads: [{ ...declared, kind: "DaemonSet" }] }, environment);
    assert.match(fault?.allowed ?? "", /^a Deployment or a StatefulSet: /);
  });

  it("accept bounds that are the same", () => {
    assert.deepEqual(found(scaled({ max: assumed(3) })), []);
  });

  it("hold the share of CPU as a number of percent", () => {
    const cpu = (text: string) => utilization(scaled({ cpu: assumed(text) }).autoscale as Autoscale);
    assert.deepEqual(["5%", "70%", "100%"].map(cpu), [5, 70, 100]);
  });

  it("accept two workloads of two names", () => {
    assert.deepEqual(found(declared, { ...declared, name: "worker", pods: { app: "worker" } }), []);
  });

  it("accept a budget of all pods but one", () => {
    assert.deepEqual(found({ ...declared, maxUnavailable: assumed(2) }), []);
  });

  it("refuse two workloads of one name: their objects would have one name too", () => {
    assert.deepEqual(found(declared, { ...declared, kind: "StatefulSet" }), [["workload-kept-twice", "workloads"]]);
  });

  it("refuse an autoscaler where the cluster has no metrics API, and accept a budget alone", () => {
    const features = { ...(settingsOf("prod").features as object), metricsServer: false };
    const without = environmentOf("prod", { features });
    const faults = (...workloads: Workload[]) => autoscaleFaults({ ...shop, workloads }, without);
    assert.deepEqual(refused(faults(declared)), [
      ["missing-metrics-api", "upkeep:features.metricsServer in Pulumi.prod.yaml"],
    ]);
    assert.match(faults(declared, { ...declared, name: "worker" })[0]?.allowed ?? "", /\bweb, worker\b/);
    assert.deepEqual(faults(deployment("web", { pods: { app: "web" }, maxUnavailable: assumed(1) })), []);
  });
});
