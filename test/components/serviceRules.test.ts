import assert from "node:assert/strict";
import { ServiceAlerts } from "../../components/alerting/serviceAlerts.ts";
import { ServiceObjectives } from "../../components/alerting/serviceObjectives.ts";
import { objectiveRules } from "../../domain/alerting/objectives.ts";
import { serviceAlerts } from "../../domain/alerting/serviceAlerts.ts";
import { assumed, guide } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { database } from "../support/database.ts";
import { environmentOf } from "../support/environment.ts";
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
    let refusal = "";
    const resources = await registered(() => {
      try {
        new Component(`${service.name}-${kind}`, { environment: at, service });
      } catch (error) {
        refusal = (error as Error).message;
      }
    });
    return { refusal, resources: resources.filter(({ type }) => type !== "pulumi:pulumi:Stack") };
  };

  describe(`a service's ${kind}`, () => {
    it("are one PrometheusRule that Prometheus selects, in the service's namespace", async () => {
      const { resources } = await declare(database);
      const [component, object] = resources;
      assert.deepEqual(
        resources.map(({ type, name }) => [type, name]),
        [
          [token, `mplp-${kind}`],
          ["kubernetes:monitoring.coreos.com/v1:PrometheusRule", `mplp-${kind}-rules`],
        ],
      );
      assert.deepEqual(component?.inputs, { environment: "prod", service: "mplp" });
      assert.deepEqual(object?.inputs.metadata, {
        name: `mplp-${kind}`,
        namespace: "mplp-production",
        labels: {
          "app.kubernetes.io/managed-by": "upkeep",
          "app.kubernetes.io/part-of": "mplp",
          release: "kube-prometheus-stack",
        },
      });
      const groups =
        kind === "alerts"
          ? [{ name: "mplp-alerts", rules: serviceAlerts(database, environment) }]
          : objectiveRules(database, environment);
      assert.deepEqual(object?.inputs.spec, { groups });
    });

    it("are a rule file in a ConfigMap where no prometheus-operator is", async () => {
      const { resources } = await declare(database, withoutOperator);
      const [, object] = resources;
      assert.equal(object?.type, "kubernetes:core/v1:ConfigMap");
      assert.deepEqual(Object.keys(object?.inputs.data as object), [`mplp-${kind}.yaml`]);
    });

    it("are no object where there is nothing to tell", async () => {
      const { resources } = await declare({
        ...database,
        indicators: {},
        objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
        workloads: [],
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
      ...database,
      objectives: { ...database.objectives, availability: guide("90%") },
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
    const { refusal, resources } = await declare(broken);
    const [what, path] = kind === "alerts" ? ["alerts", "alerts[0].expr"] : ["objectives", "objectives.availability"];
    assert.ok(refusal.startsWith(`the ${what} of service "mplp" cannot be deployed:\n- ${path} is `), refusal);
    assert.deepEqual(resources, []);
  });
}
