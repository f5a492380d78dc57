import assert from "node:assert/strict";
import { watchingAlerts } from "../../../domain/alerting/watching.ts";
import { database } from "../../support/database.ts";
import { environmentOf } from "../../support/environment.ts";

describe("what watches a service itself", () => {
  it("is every alert on its facts, its endpoints and its objectives, and no recording rule", () => {
    const endpoints = ["api", "modules"].flatMap((endpoint) => [
      `EndpointDown ${endpoint}`,
      `ProbeMissing ${endpoint}`,
      `CertificateExpiring ${endpoint}`,
      `CertificateExpiring ${endpoint}`,
    ]);
    assert.deepEqual(
      watchingAlerts(database, environmentOf("prod")).map(({ alert, labels }) =>
        `${alert} ${labels.endpoint ?? ""}`.trim(),
      ),
      [
        "ErrorRateHigh",
        "LatencyHigh",
        "IndicatorMissing",
        "IndicatorMissing",
        "ServiceDown",
        "ServiceWithoutEndpoints",
        ...endpoints,
        ...Array(4).fill("ErrorBudgetBurn"),
        ...Array(2).fill("ErrorBudgetLow"),
      ],
    );
  });
});
