import assert from "node:assert/strict";
import { ServiceDashboard } from "../../components/alerting/dashboard.ts";
import { MaintainedService } from "../../components/service.ts";
import { platformAlerts } from "../../domain/alerting/platformAlerts.ts";
import { dashboard } from "../../domain/dashboards/dashboard.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import type { RuleGroup } from "../../domain/prometheus/rules.ts";
import { declaredServices } from "../../services/index.ts";
import { environmentOf } from "../support/environment.ts";
import { refusal, refused } from "../support/refused.ts";
import { shop } from "../support/shop.ts";
import { registered } from "./resources.ts";

const environment = environmentOf("prod");

describe("the dashboard of a service", () => {
  const models = async (of: typeof environment, retired = false) =>
    (await registered(() => new MaintainedService("shop", { environment: of, service: shop, retired })))
      .filter(({ type, name }) => type === "kubernetes:core/v1:ConfigMap" && name.startsWith("shop-dashboard-"))
      .map(({ inputs }) => inputs);

  it("is a ConfigMap in its namespace, with the labels that Grafana's sidecar selects", async () => {
    const [found, ...others] = await models(environment);
    assert.deepEqual(others, []);
    assert.deepEqual(found?.metadata, {
      name: "shop-dashboard",
      namespace: "shop",
      labels: {
        "app.kubernetes.io/managed-by": "upkeep",
        "app.kubernetes.io/part-of": "shop",
        grafana_dashboard: "1",
      },
    });
    const data = found?.data as Record<string, string>;
    assert.deepEqual(Object.keys(data), ["shop.json"]);
    assert.deepEqual(JSON.parse(data["shop.json"] as string), JSON.parse(JSON.stringify(dashboard(shop, environment))));
  });

  it("is not there without a sidecar, nor of a service that is retired", async () => {
    const { dashboardLabels: _, ...monitoring } = environment.monitoring;
    assert.deepEqual(await models({ ...environment, monitoring }), []);
    assert.deepEqual(await models(environment, true), []);
  });

  it("is refused of what is not a declaration, before anything exists", async () => {
    const service = { ...shop, windows: undefined } as unknown as Service;
    const found = await registered(() => {
      const faults = refusal(() => new ServiceDashboard("shop", { environment, service }));
      assert.deepEqual(refused(faults), [["missing", "windows"]]);
    });
    assert.deepEqual(found, []);
  });

  it("is what each alert of each service's rules links to, and none of the platform's", async () => {
    const grafana = "https://grafana.example.com";
    const named = { ...environment, monitoring: { ...environment.monitoring, grafana } };
    for (const declared of [shop, ...(await declaredServices())]) {
      const service = inEnvironment(declared, environment);
      const resources = await registered(() => new MaintainedService(service.name, { environment: named, service }));
      const rules = resources
        .filter(({ type }) => type.endsWith(":PrometheusRule"))
        .flatMap(({ inputs }) => (inputs.spec as { groups: RuleGroup[] }).groups.flatMap((group) => group.rules))
        .filter((rule) => "alert" in rule);
      assert.ok(rules.some(({ alert }) => alert === "MaintenanceJobStale"));
      const model = resources.find(({ name }) => name === `${service.name}-dashboard-model`);
      assert.ok(model);
      const { uid } = JSON.parse((model.inputs.data as Record<string, string>)[`${service.name}.json`] as string);
      for (const { alert, annotations } of rules) {
        assert.equal(annotations.dashboard_url, `${grafana}/d/${uid}`, `${service.name} ${alert}`);
      }
    }
    const platform = platformAlerts(named, [shop]);
    assert.ok(platform.length > 5);
    assert.deepEqual(
      platform.filter(({ annotations }) => annotations.dashboard_url),
      [],
    );
  });
});
