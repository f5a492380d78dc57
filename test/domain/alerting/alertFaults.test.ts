import assert from "node:assert/strict";
import { alertFaults, serviceAlertFaults } from "../../../domain/alerting/alertFaults.ts";
import { assumed, deployment, guide } from "../../../domain/declaration/declaration.ts";
import type { Alert, Service } from "../../../domain/declaration/service.ts";
import { environmentOf } from "../../support/environment.ts";
import { own, withAlerts } from "../../support/ownAlert.ts";
import { refused } from "../../support/refused.ts";
import { shop, shopWith } from "../../support/shop.ts";

const faults = (service: Service) => refused(serviceAlertFaults(service, environmentOf("prod")));

describe("an alert of a service's own", () => {
  const found = (changes: Partial<Alert>) => refused(alertFaults({ ...own, ...changes }, "alerts[0]"));

  it("is as it should be", () => assert.deepEqual(found({}), []));

  it("is refused where it would be asked of every namespace", () =>
    assert.deepEqual(found({ expr: "disk_usage > 90" }), [["scope-missing", "alerts[0].expr"]]));

  for (const name of ["diskUsageHigh", "Disk-Usage", "disk_usage", "Disk Usage", "DISK", "../Disk", ""]) {
    it(`is refused with the name "${name}"`, () =>
      assert.deepEqual(found({ name }), [["alert-name-invalid", "alerts[0].name"]]));
  }

  it("is refused where it says nothing", () =>
    assert.deepEqual(found({ summary: " ", description: "" }), [
      ["alert-text-empty", "alerts[0].summary"],
      ["alert-text-empty", "alerts[0].description"],
    ]));

  it("is refused where its time has no unit", () =>
    assert.deepEqual(found({ for: guide("10" as "10m") }), [["duration-unreadable", "alerts[0].for"]]));
});

describe("the alerts of a service together", () => {
  it("hold for a service as it should be", () => assert.deepEqual(faults(shop), []));

  it("are refused where a bound or one of its own cannot be read, each by its place", () => {
    const readable = { value: guide("70%"), for: guide("15m"), severity: "warning" } as const;
    const wrong = { ...readable, value: guide("70" as "70%"), for: guide("15" as "15m") };
    const workloads = [
      deployment("a"),
      deployment("b", { cpuBelow: [readable, wrong], memoryBelow: [{ ...readable, value: guide("0%") }] }),
    ];
    assert.deepEqual(faults({ ...withAlerts(own, { ...own, summary: "" }), workloads }), [
      ["alert-text-empty", "alerts[1].summary"],
      ["percent-unreadable", "workloads[1].cpuBelow[1].value"],
      ["duration-unreadable", "workloads[1].cpuBelow[1].for"],
      ["percent-unreadable", "workloads[1].memoryBelow[0].value"],
    ]);
  });

  it("are refused where nothing tells two apart, once however many they are", () => {
    const twice = [["alert-duplicate", "alerts"]];
    assert.deepEqual(faults(withAlerts(own, { ...own, for: assumed("1h") })), twice);
    assert.deepEqual(faults(withAlerts(own, own, own)), twice);
    assert.deepEqual(faults(withAlerts({ ...own, name: "ErrorRateHigh" })), twice);
  });

  it("may have one name where the severity or the workload tells them apart", () => {
    assert.deepEqual(faults(withAlerts(own, { ...own, severity: "critical" })), []);
    assert.deepEqual(faults(shopWith({ workloads: [deployment("a"), deployment("b")] })), []);
  });
});
