import assert from "node:assert/strict";
import { objectiveFaults } from "../../../domain/alerting/objectiveFaults.ts";
import { budgetSeries, objectiveRules } from "../../../domain/alerting/objectives.ts";
import { assumed, endpoint, guide } from "../../../domain/declaration/declaration.ts";
import type { Indicators, Objectives, Service } from "../../../domain/declaration/service.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import type { AlertRule, RecordingRule } from "../../../domain/prometheus/rules.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { shop } from "../../support/shop.ts";

const environment = environmentOf("prod");

function service(objectives: Partial<Objectives>, indicators: Indicators = shop.indicators): Service {
  return {
    ...shop,
    objectives: { recoveryPoint: assumed("26h"), recoveryTime: assumed("4h"), ...objectives },
    indicators,
  };
}

const available = (text: string) => service({ availability: guide(text as "99.9%") });
const rules = (of: Service, at: Environment = environment) => objectiveRules(of, at).flatMap((group) => group.rules);
const alerts = (of: Service) => rules(of).filter((rule): rule is AlertRule => "alert" in rule);
const records = (of: Service, at?: Environment) =>
  rules(of, at).filter((rule): rule is RecordingRule => "record" in rule);
const faults = (of: Service, at: Environment = environment) => refused(objectiveFaults(of, at));

describe("a service's objectives", () => {
  it("burn in four windows, each as fast as spends its share of the budget", () => {
    const burns = alerts(available("99.9%")).filter(({ alert }) => alert === "ErrorBudgetBurn");
    assert.deepEqual(
      burns.map(({ labels, for: wait, expr }) => [
        labels.window,
        labels.severity,
        wait,
        [...expr.matchAll(/ratio(\w+)\{[^}]*\} > ([\d.]+) \* ([\d.]+)/g)].map((match) => match.slice(1)),
      ]),
      [
        [
          "1h",
          "critical",
          "2m",
          [
            ["1h", "14.4", "0.001"],
            ["5m", "14.4", "0.001"],
          ],
        ],
        [
          "6h",
          "critical",
          "15m",
          [
            ["6h", "6", "0.001"],
            ["30m", "6", "0.001"],
          ],
        ],
        [
          "1d",
          "warning",
          "1h",
          [
            ["1d", "3", "0.001"],
            ["2h", "3", "0.001"],
          ],
        ],
        [
          "3d",
          "warning",
          "3h",
          [
            ["3d", "1", "0.001"],
            ["6h", "1", "0.001"],
          ],
        ],
      ],
    );
  });

  const series = (record: string) => `service:${record}{service="shop",environment="prod"}`;
  const failedShare = (window: string) =>
    `sum_over_time(${series("request_errors:rate5m")}[${window}]) / (sum_over_time(${series("requests:rate5m")}[${window}]) > 0)`;
  const tenFailures = (window: string) =>
    ` and sum_over_time(${series("request_errors:rate5m")}[${window}]) * 60 >= 10`;

  it("are recorded each minute over every window of an alert, the shortest first, and each five minutes over 30 days", () => {
    const recorded = objectiveRules(available("99.9%"), environment).map(({ name, interval, rules: all }) => ({
      name,
      interval,
      records: all.flatMap((rule) => ("record" in rule ? [[rule.record, rule.expr]] : [])),
    }));
    const total = 'sum(rate(shop_http_requests_total{namespace="shop"}[5m]))';
    assert.deepEqual(recorded, [
      {
        name: "shop-error-ratios",
        interval: "1m",
        records: [
          ["service:requests:rate5m", total],
          [
            "service:request_errors:rate5m",
            `sum(rate(shop_http_requests_total{namespace="shop",status=~"5.."}[5m])) or ${total} * 0`,
          ],
          ["service:request_errors:ratio5m", `${series("request_errors:rate5m")} / (${series("requests:rate5m")} > 0)`],
          ...["30m", "1h", "2h", "6h", "1d", "3d"].map((window) => [
            `service:request_errors:ratio${window}`,
            failedShare(window),
          ]),
        ],
      },
      {
        name: "shop-error-budget",
        interval: "5m",
        records: [
          ["service:request_errors:ratio30d", failedShare("30d")],
          ["service:error_budget_remaining:ratio30d", `1 - ${series("request_errors:ratio30d")} / 0.001`],
        ],
      },
    ]);
  });

  it("page only where ten requests failed, and say how long the budget lasts", () => {
    const [fast, , slow] = alerts(available("99.9%"));
    const labels = { service: "shop", namespace: "shop", environment: "prod" };
    const runbook_url = "https://upkeep.example.com/runbooks/ErrorBudgetBurn.md";
    const dashboard_url = "https://grafana.example.com/d/shop_prod";
    assert.deepEqual(fast, {
      alert: "ErrorBudgetBurn",
      expr:
        `${series("request_errors:ratio1h")} > 14.4 * 0.001 and ${series("request_errors:ratio5m")} > 14.4 * 0.001` +
        tenFailures("1h"),
      for: "2m",
      labels: { severity: "critical", ...labels, window: "1h" },
      annotations: {
        summary: "shop spends its error budget more than 14.4 times as fast as it may",
        description:
          "{{ $value | humanizePercentage }} of the requests of the last 1h failed. The 30d budget of 99.9% availability lasts less than 2d 2h at that rate.",
        runbook_url,
        dashboard_url,
      },
    });
    assert.deepEqual(slow, {
      alert: "ErrorBudgetBurn",
      expr: `${series("request_errors:ratio1d")} > 3 * 0.001 and ${series("request_errors:ratio2h")} > 3 * 0.001`,
      for: "1h",
      labels: { severity: "warning", ...labels, window: "1d" },
      annotations: {
        summary: "shop spends its error budget more than 3 times as fast as it may",
        description:
          "{{ $value | humanizePercentage }} of the requests of the last 1d failed. The 30d budget of 99.9% availability lasts less than 10d at that rate.",
        runbook_url,
        dashboard_url,
      },
    });
  });

  it("warn that the budget runs out once ten requests failed, and page no one for it", () => {
    const low = {
      alert: "ErrorBudgetLow",
      expr: `${series("error_budget_remaining:ratio30d")} < 0.25${tenFailures("30d")}`,
      for: "15m",
      labels: { severity: "warning", service: "shop", namespace: "shop", environment: "prod" },
      annotations: {
        summary: "shop has less than 25% of its error budget left",
        description:
          "The 30d error budget of 99.9% availability stands at {{ $value | humanizePercentage }}; below 0 the objective is missed.",
        runbook_url: "https://upkeep.example.com/runbooks/ErrorBudgetLow.md",
        dashboard_url: "https://grafana.example.com/d/shop_prod",
      },
    };
    assert.deepEqual(
      alerts(available("99.9%")).filter(({ alert }) => alert !== "ErrorBudgetBurn"),
      [low],
    );
  });

  it("record every window before an alert reads it", () => {
    const [ratios] = objectiveRules(available("99.9%"), environment);
    const recorded = new Set<string>();
    for (const rule of ratios?.rules ?? []) {
      const read = [...rule.expr.matchAll(/service:\w+:\w+/g)].map(([name]) => name);
      assert.deepEqual(
        read.filter((name) => !recorded.has(name)),
        [],
      );
      if ("record" in rule) recorded.add(rule.record);
    }
  });

  it("read their own service's series in their own environment, and no others", () => {
    const staging = environmentOf("staging");
    const selectors = records(available("99.9%"), staging).flatMap(
      ({ expr }) => expr.match(/service:[\w:]+(\{[^}]*\})?/g) ?? [],
    );
    assert.ok(selectors.length > 10);
    for (const selector of selectors) assert.match(selector, /\{service="shop",environment="staging"\}$/);
    for (const { labels } of records(available("99.9%"), staging)) {
      assert.deepEqual(labels, { service: "shop", environment: "staging" });
    }
  });

  it("count requests where they are counted, else the probes of every endpoint", () => {
    const [counted] = records(available("99.9%"));
    assert.equal(counted?.expr, 'sum(rate(shop_http_requests_total{namespace="shop"}[5m]))');
    const [probed] = records(service({ availability: guide("99.9%") }, {}));
    assert.equal(probed?.expr, 'sum(count_over_time(probe_success{job=~"upkeep/shop/(api|pages)"}[5m])) / 300');
  });

  it("keep an indicator's own matchers", () => {
    const requests = { total: 'http_requests_total{job="api",$scope}', failed: 'code!~"[23].."' };
    const [, failed] = records(service({ availability: guide("99.9%") }, { requests }));
    assert.match(
      failed?.expr ?? "",
      /^sum\(rate\(http_requests_total\{job="api",namespace="shop",code!~"\[23\]\.\."\}\[5m\]\)\) or /,
    );
  });

  it("make no rule where no availability is promised, or nothing counts what is available", () => {
    assert.deepEqual(objectiveRules(service({}), environment), []);
    const nothing = { ...service({ availability: guide("99.9%") }, {}), endpoints: [] };
    assert.deepEqual(objectiveRules(nothing, environment), []);
  });

  it("hold for a service as it should be", () => assert.deepEqual(faults(shop), []));

  it("are refused where even a total failure would not page", () => {
    assert.deepEqual(faults(available("93.06%")), [["availability-too-low", "objectives.availability"]]);
    assert.deepEqual(faults(available("93.07%")), []);
  });

  it("are refused at 100 %, and just below it are not", () => {
    assert.deepEqual(faults(available("100%")), [["availability-without-budget", "objectives.availability"]]);
    assert.deepEqual(faults(available("99.999%")), []);
  });

  it("are refused where Prometheus forgets before the period is over", () => {
    const kept = (retention: string, of = available("99.9%")) =>
      faults(of, { ...environment, monitoring: { ...environment.monitoring, retention } });
    const path = "upkeep:monitoring.retention in Pulumi.prod.yaml";
    assert.deepEqual(kept("30d"), [["metrics-retention-too-short", path]]);
    assert.deepEqual(kept("31d"), []);
    assert.deepEqual(kept("5w"), []);
    assert.deepEqual(kept("15d", service({})), []);
    assert.deepEqual(kept("0d"), [["not-allowed", path]]);
  });

  it("are refused where nothing counts what is available", () => {
    const nothing = { ...service({ availability: guide("99.9%") }, {}), endpoints: [] };
    assert.deepEqual(faults(nothing), [["objective-unmeasured", "objectives.availability"]]);
    const probed = [endpoint("api", ["https://a.example.com"], { severity: "critical", for: assumed("2m") })];
    assert.deepEqual(faults({ ...nothing, endpoints: probed }), []);
  });

  it("are refused where nothing measures them", () => {
    const { errorRate, latency } = shop.objectives;
    assert.ok(errorRate && latency);
    assert.deepEqual(faults(service({ errorRate, latency }, {})), [
      ["objective-unmeasured", "objectives.errorRate"],
      ["objective-unmeasured", "objectives.latency[0]"],
    ]);
  });
});

describe("the series of an error budget, for people", () => {
  const labels = '{service="shop",environment="prod"}';

  it("are those that its rules record, with the factors at which its alerts fire", () => {
    const found = budgetSeries(available("99.9%"), environment);
    assert.deepEqual(found, {
      availability: "99.9%",
      remaining: `service:error_budget_remaining:ratio30d${labels}`,
      low: 0.25,
      succeeded: `1 - service:request_errors:ratio30d${labels}`,
      burns: [
        ["1h", 14.4, "critical"],
        ["6h", 6, "critical"],
        ["1d", 3, "warning"],
        ["3d", 1, "warning"],
      ].map(([window, factor, severity]) => {
        return { window, rate: `service:request_errors:ratio${window}${labels} / 0.001`, factor, severity };
      }),
    });
  });

  it("are undefined where no rule records them", () => {
    assert.equal(budgetSeries(service({}), environment), undefined);
    assert.equal(budgetSeries({ ...available("99.9%"), indicators: {}, endpoints: [] }, environment), undefined);
  });
});
