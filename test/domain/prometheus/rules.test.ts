import assert from "node:assert/strict";
import { MaintainedService } from "../../../components/service.ts";
import { platformAlerts } from "../../../domain/alerting/platformAlerts.ts";
import { inEnvironment } from "../../../domain/environment/inEnvironment.ts";
import { alertLinks, alertRule, type RuleGroup, runbookUrl } from "../../../domain/prometheus/rules.ts";
import { declaredServices } from "../../../services/index.ts";
import { registered } from "../../components/resources.ts";
import { environmentOf } from "../../support/environment.ts";
import { shop } from "../../support/shop.ts";

const environment = environmentOf("prod");

describe("an alerting rule", () => {
  const facts = {
    name: "DrillSlow",
    expr: "up == 0",
    for: "5m",
    severity: "warning",
    summary: "It is slow",
    description: "It took too long.",
  } as const;

  it("says whose it is, where, how loud it is and what to do", () => {
    assert.deepEqual(alertRule({ service: "shop", namespace: "data" }, environment, facts), {
      alert: "DrillSlow",
      expr: "up == 0",
      for: "5m",
      labels: { severity: "warning", service: "shop", namespace: "data", environment: "prod" },
      annotations: {
        summary: "It is slow",
        description: "It took too long.",
        runbook_url: runbookUrl(environment.monitoring.runbooks, "DrillSlow"),
      },
    });
  });

  it("has the labels that tell it from others of its name", () => {
    const { labels } = alertRule({ service: "shop", namespace: "data" }, environment, {
      ...facts,
      labels: { cronjob: "shop-drill" },
    });
    assert.equal(labels.cronjob, "shop-drill");
    assert.equal(labels.service, "shop");
  });

  it("leads to its page among the runbooks", () =>
    assert.equal(runbookUrl("https://example.com/runbooks", "DrillSlow"), "https://example.com/runbooks/DrillSlow.md"));
});

describe("an alert's link to its service's dashboard", () => {
  const of = (changes: Record<string, unknown>) => ({
    ...environment,
    monitoring: { ...environment.monitoring, ...changes },
  });
  const grafana = "https://grafana.example.com";

  it("is there if the environment has dashboards and names Grafana, and else missing", () => {
    const links = (changes: Record<string, unknown>) => alertLinks(of(changes), "shop", "DrillSlow");
    const runbook_url = "https://upkeep.example.com/runbooks/DrillSlow.md";
    assert.deepEqual(links({ grafana }), { runbook_url, dashboard_url: `${grafana}/d/shop_prod` });
    assert.deepEqual(links({}), { runbook_url });
    assert.deepEqual(links({ grafana, dashboardLabels: undefined }), { runbook_url });
  });

  it("leads to the dashboard that is deployed, from each rule of each service, and from none of the platform's", async () => {
    for (const declared of [shop, ...(await declaredServices())]) {
      const service = inEnvironment(declared, environment);
      const resources = await registered(
        () => new MaintainedService(service.name, { environment: of({ grafana }), service }),
      );
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
    const platform = platformAlerts(of({ grafana }), [shop]);
    assert.ok(platform.length > 5);
    assert.deepEqual(
      platform.filter(({ annotations }) => annotations.dashboard_url),
      [],
    );
  });
});
