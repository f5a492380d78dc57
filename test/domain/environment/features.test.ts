import assert from "node:assert/strict";
import { featureFaults } from "../../../domain/environment/features.ts";
import { environmentOf } from "../../support/environment.ts";

const prod = environmentOf("prod");

describe("what a cluster has", () => {
  it("may lack all but kube-state-metrics, which nothing replaces", () => {
    assert.deepEqual(featureFaults(prod), []);
    const { blackboxExporter: _, ...features } = prod.features;
    const least = { ...features, prometheusOperator: false, metricsServer: false, csiClones: false };
    assert.deepEqual(featureFaults({ ...prod, features: least }), []);
    assert.deepEqual(featureFaults({ ...prod, features: { ...prod.features, kubeStateMetrics: false } }), [
      {
        path: "upkeep:features.kubeStateMetrics in Pulumi.prod.yaml",
        got: "false",
        allowed: "true: without kube-state-metrics nothing tells of a job that failed, stopped or disappeared",
        fix: "install kube-state-metrics and let Prometheus scrape it, then set this to true",
      },
    ]);
  });
});
