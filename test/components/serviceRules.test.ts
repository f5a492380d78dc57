import assert from "node:assert/strict";
import { ServiceAlerts } from "../../components/alerting/serviceAlerts.ts";
import { ServiceObjectives } from "../../components/alerting/serviceObjectives.ts";
import { objectiveRules } from "../../domain/alerting/objectives.ts";
import { serviceAlerts } from "../../domain/alerting/serviceAlerts.ts";
import { assumed, guide } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { environmentOf } from "../support/environment.ts";
import { refused } from "../support/refused.ts";
import { shop } from "../support/shop.ts";
import { refusal } from "./refusal.ts";
import { registered } from "./resources.ts";

const environment = environmentOf("prod");
const withoutOperator = environmentOf("prod", {
  features: { prometheusOperator: false, kubeStateMetrics: true, metricsServer: true },
});

const kinds = {
  alerts: { Component: ServiceAlerts, token: "upkeep:alerting:ServiceAlerts" },
  objectives: { Component: ServiceObjectives, token: "upkeep:alerting:ServiceObjectives" },
} as const;

for (const [kind, { Component, token }] of Object.entries(kinds)) {
  const declare = async (service: Service, at: Environment = environment) => {
    const resources = await registered(() => new Component(`${service.name}-${kind}`, { environment: at, service }));
    return resources.filter(({ type }) => type !== "pulumi:pulumi:Stack");
  };

  describe(`a service's ${kind}`, () => {
    it("are one PrometheusRule that Prometheus selects, in the service's namespace", async () => {
      const resources = await declare(shop);
      const [component, object] = resources;
      assert.deepEqual(
        resources.map(({ type, name }) => [type, name]),
        [
          [token, `shop-${kind}`],
          ["kubernetes:monitoring.coreos.com/v1:PrometheusRule", `shop-${kind}-rules`],
        ],
      );
      assert.deepEqual(component?.inputs, { environment: "prod", service: "shop" });
      assert.deepEqual(object?.inputs.metadata, {
        name: `shop-${kind}`,
        namespace: "shop",
        labels: {
          "app.kubernetes.io/managed-by": "upkeep",
          "app.kubernetes.io/part-of": "shop",
          release: "kube-prometheus-stack",
        },
      });
      const groups =
        kind === "alerts"
          ? [{ name: "shop-alerts", rules: serviceAlerts(shop, environment) }]
          : objectiveRules(shop, environment);
      assert.deepEqual(object?.inputs.spec, { groups });
    });

    it("are a rule file in a ConfigMap where no prometheus-operator is", async () => {
      const resources = await declare(shop, withoutOperator);
      const [, object] = resources;
      assert.equal(object?.type, "kubernetes:core/v1:ConfigMap");
      assert.deepEqual(Object.keys(object?.inputs.data as object), [`shop-${kind}.yaml`]);
    });

    it("are no object where there is no rule", async () => {
      const resources = await declare({
        ...shop,
        indicators: {},
        objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
        workloads: [],
        datastores: [],
        alerts: [],
      });
      assert.deepEqual(
        resources.map(({ type }) => type),
        [token],
      );
    });
  });

  it(`a service's ${kind} are refused before any resource is registered`, async () => {
    const broken: Service = {
      ...shop,
      objectives: { ...shop.objectives, availability: guide("90%") },
      alerts: [
        {
          name: "Slow",
          expr: "up == 0",
          for: assumed("5m"),
          severity: "info",
          threshold: assumed("down"),
          summary: "It is slow",
          description: "It is.",
        },
      ],
    };
    const { faults, made } = await refusal(() => new Component("broken", { environment, service: broken }));
    assert.deepEqual(refused(faults), [
      kind === "alerts" ? ["not-allowed", "alerts[0].expr"] : ["availability-too-low", "objectives.availability"],
    ]);
    assert.deepEqual(made, []);
  });
}
