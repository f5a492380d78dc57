import assert from "node:assert/strict";
import { type WatchingAlert, watchingAlerts } from "../../../domain/alerting/watching.ts";
import { endpoint } from "../../../domain/declaration/declaration.ts";
import { timeToPage } from "../../../domain/routing/timeToPage.ts";
import { environmentOf } from "../../support/environment.ts";
import { shop } from "../../support/shop.ts";

const prod = environmentOf("prod");
const alert = (wait: string, severity: "critical" | "warning") =>
  ({ for: wait, labels: { severity } }) as Parameters<typeof timeToPage>[1];

describe("the time to a page", () => {
  it("is scrape, evaluation, wait and grouping together", () => {
    assert.deepEqual(timeToPage(prod, alert("5m", "critical")), {
      total: 385,
      parts: { scrape: 30, lookback: 0, evaluation: 30, for: 300, groupWait: 10, peers: 15 },
    });
    assert.equal(timeToPage(prod, alert("5m", "warning")).parts.groupWait, 30);
  });

  it("counts a part of an interval as a whole one", () => {
    assert.equal(timeToPage(prod, alert("45s", "critical")).parts.for, 60);
    assert.equal(timeToPage(prod, alert("60s", "critical")).parts.for, 60);
    const slow = environmentOf("prod", { monitoring: { ...prod.monitoring, scrapeInterval: "1m" } });
    assert.deepEqual(timeToPage(slow, alert("90s", "critical")).parts, {
      scrape: 60,
      lookback: 0,
      evaluation: 60,
      for: 120,
      groupWait: 10,
      peers: 15,
    });
    assert.deepEqual(timeToPage(prod, alert("7m", "warning"), { evaluation: "5m" }).parts, {
      scrape: 30,
      lookback: 0,
      evaluation: 300,
      for: 600,
      groupWait: 30,
      peers: 15,
    });
  });

  it("is 100 seconds for an endpoint's outage that may last one minute, with one Alertmanager", () => {
    const [first] = prod.monitoring.alertmanagers;
    const single = environmentOf("prod", { monitoring: { ...prod.monitoring, alertmanagers: [first] } });
    const service = { ...shop, endpoints: [endpoint("api", ["https://shop.example.com"], { severity: "critical" })] };
    const outage = watchingAlerts(service, single).find(({ rule }) => rule.alert === "EndpointDown") as WatchingAlert;
    assert.deepEqual(timeToPage(single, outage.rule, outage.intervals), {
      total: 100,
      parts: { scrape: 15, lookback: 0, evaluation: 15, for: 60, groupWait: 10, peers: 0 },
    });
  });

  it("waits until the window that an alert judges holds enough of the smallest failure above its threshold", () => {
    const burn = watchingAlerts(shop, prod).find(
      ({ rule }) => rule.alert === "ErrorBudgetBurn" && rule.labels.window === "1h",
    ) as WatchingAlert;
    // The hour, and the five minutes of the rates that it sums.
    assert.deepEqual(timeToPage(prod, burn.rule, burn.intervals).parts, {
      scrape: 30,
      lookback: 3900,
      evaluation: 60,
      for: 120,
      groupWait: 10,
      peers: 15,
    });
  });

  it("has no wait where the rule has none, in whatever unit that is said", () => {
    for (const none of ["0s", "0m", "0h", "0d", "0w"])
      assert.equal(timeToPage(prod, alert(none, "critical")).parts.for, 0);
    for (const text of ["0", "00s", "0s1", "x0s", "10"]) {
      assert.throws(() => timeToPage(prod, alert(text, "critical")), /is not a duration/, text);
    }
    assert.equal(timeToPage(prod, alert("10s", "critical")).parts.for, 30);
  });
});
