import assert from "node:assert/strict";
import { ServiceDashboard } from "../../components/alerting/dashboard.ts";
import { MaintainedService } from "../../components/service.ts";
import { platformAlerts } from "../../domain/alerting/platformAlerts.ts";
import { dashboard } from "../../domain/dashboards/dashboard.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { inEnvironment } from "../../domain/environment/inEnvironment.ts";
import { environmentOf } from "../support/environment.ts";
import { refusal, refused } from "../support/refused.ts";
import { shop } from "../support/shop.ts";
import { assertLinked, withGrafana } from "./linkedAlerts.ts";
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

  it("is what each alert of its rules links to, and none of the platform's", async () => {
    const named = withGrafana(environment);
    const service = inEnvironment(shop, environment);
    assertLinked(await registered(() => new MaintainedService("shop", { environment: named, service })), ["shop"]);
    const platform = platformAlerts(named, [shop]);
    assert.ok(platform.length > 5);
    assert.deepEqual(
      platform.filter(({ annotations }) => annotations.dashboard_url),
      [],
    );
  });
});
