import assert from "node:assert/strict";
import { serviceAlertFaults } from "../../../domain/alerting/alertFaults.ts";
import { assumed, deployment } from "../../../domain/declaration/declaration.ts";
import type { Service } from "../../../domain/declaration/service.ts";
import { environmentOf } from "../../support/environment.ts";
import { own, withAlerts } from "../../support/ownAlert.ts";
import { refused } from "../../support/refused.ts";
import { shop, shopWith } from "../../support/shop.ts";

const faults = (service: Service) => refused(serviceAlertFaults(service, environmentOf("prod")));

describe("the alerts of a service together", () => {
  it("hold for a service as it should be", () => assert.deepEqual(faults(shop), []));

  it("are refused where nothing distinguishes two, once however many they are", () => {
    const twice = [["alert-duplicate", "alerts"]];
    assert.deepEqual(faults(withAlerts(own, { ...own, for: assumed("1h") })), twice);
    assert.deepEqual(faults(withAlerts(own, own, own)), twice);
    assert.deepEqual(faults(withAlerts({ ...own, name: "ErrorRateHigh" })), twice);
  });

  it("may have one name where the severity or the workload distinguishes them", () => {
    assert.deepEqual(faults(withAlerts(own, { ...own, severity: "critical" })), []);
    assert.deepEqual(faults(shopWith({ workloads: [deployment("a"), deployment("b")] })), []);
  });
});
