import assert from "node:assert/strict";
import { featureFaults } from "../../../domain/environment/features.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";

const prod = environmentOf("prod");

describe("what a cluster has", () => {
  it("may lack all but kube-state-metrics, which nothing replaces", () => {
    assert.deepEqual(featureFaults(prod), []);
    const { blackboxExporter: _, ...features } = prod.features;
    const least = { ...features, prometheusOperator: false, metricsServer: false, csiClones: false };
    assert.deepEqual(featureFaults({ ...prod, features: least }), []);
    assert.deepEqual(refused(featureFaults({ ...prod, features: { ...prod.features, kubeStateMetrics: false } })), [
      ["missing-feature", "upkeep:features.kubeStateMetrics in Pulumi.prod.yaml"],
    ]);
  });
});
