import assert from "node:assert/strict";
import { alertLinks, alertRule, runbookUrl } from "../../../domain/prometheus/rules.ts";
import { environmentOf } from "../../support/environment.ts";

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

  it("says whose it is, where, its severity and what to do", () => {
    assert.deepEqual(alertRule({ service: "shop", namespace: "data" }, environment, facts), {
      alert: "DrillSlow",
      expr: "up == 0",
      for: "5m",
      labels: { severity: "warning", service: "shop", namespace: "data", environment: "prod" },
      annotations: {
        summary: "It is slow",
        description: "It took too long.",
        runbook_url: runbookUrl(environment.monitoring.runbooks, "DrillSlow"),
        dashboard_url: "https://grafana.example.com/d/shop_prod",
      },
    });
  });

  it("has the labels that distinguish it from others of its name", () => {
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
    assert.deepEqual(links({ grafana: undefined }), { runbook_url });
    assert.deepEqual(links({ grafana, dashboardLabels: undefined }), { runbook_url });
  });
});
