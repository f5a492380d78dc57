import assert from "node:assert/strict";
import { watchingAlerts } from "../../../domain/alerting/watching.ts";
import { withFeatures } from "../../support/environment.ts";
import { shop } from "../../support/shop.ts";

describe("what watches a service itself", () => {
  it("is every alert on its facts, its endpoints and its objectives, and no recording rule", () => {
    const endpoints = ["api", "pages"].flatMap((endpoint) => [
      `EndpointDown ${endpoint}`,
      `EndpointFlapping ${endpoint}`,
      `ProbeMissing ${endpoint}`,
      `CertificateExpiring ${endpoint}`,
      `CertificateExpiring ${endpoint}`,
    ]);
    assert.deepEqual(
      watchingAlerts({ ...shop, workloads: [] }, withFeatures()).map(({ rule: { alert, labels } }) =>
        `${alert} ${labels.endpoint ?? ""}`.trim(),
      ),
      [
        "ErrorRateHigh",
        "LatencyHigh",
        "IndicatorMissing",
        "IndicatorMissing",
        "VolumeFilling",
        "VolumeFilling",
        "VolumeInodesFilling",
        "VolumeInodesFilling",
        "IndicatorMissing",
        "ServiceDown",
        ...endpoints,
        ...Array(4).fill("ErrorBudgetBurn"),
        "ErrorBudgetLow",
      ],
    );
  });
});
