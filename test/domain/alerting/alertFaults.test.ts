import assert from "node:assert/strict";
import { alertFaults, serviceAlertFaults } from "../../../domain/alerting/alertFaults.ts";
import { assumed, deployment, guide } from "../../../domain/declaration/declaration.ts";
import type { Alert, Service } from "../../../domain/declaration/service.ts";
import { faultMessage } from "../../../domain/values/fault.ts";
import { declaredServices } from "../../../services/index.ts";
import { database } from "../../support/database.ts";
import { environmentOf } from "../../support/environment.ts";
import { own, withAlerts } from "../../support/ownAlert.ts";

const services = await declaredServices();
const faults = (service: Service) => serviceAlertFaults(service, environmentOf("prod")).map(faultMessage);

describe("an alert of a service's own", () => {
  const messages = (changes: Partial<Alert>) => alertFaults({ ...own, ...changes }, "alerts[0]").map(faultMessage);

  it("is as it should be", () => assert.deepEqual(messages({}), []));

  it("is refused where it would be asked of every namespace", () =>
    assert.deepEqual(messages({ expr: "disk_usage > 90" }), [
      "alerts[0].expr is without $scope; allowed: an expression of the service's own namespace. Fix: write $scope among the matchers of each metric, such as up{$scope}",
    ]));

  for (const name of ["diskUsageHigh", "Disk-Usage", "disk_usage", "Disk Usage", "DISK", "../Disk", ""]) {
    it(`is refused with the name "${name}"`, () =>
      assert.deepEqual(messages({ name }), [
        `alerts[0].name is "${name}"; allowed: words joined in CamelCase, which also name its page in runbooks/. Fix: write for example "DiskUsageHigh"`,
      ]));
  }

  it("is refused where it says nothing", () =>
    assert.deepEqual(messages({ summary: " ", description: "" }), [
      "alerts[0].summary is empty; allowed: a text for whoever is told. Fix: say in a few words what is wrong",
      "alerts[0].description is empty; allowed: a text for whoever is told. Fix: say what was measured, and what it should be",
    ]));

  it("is refused where its time has no unit", () =>
    assert.deepEqual(messages({ for: guide("10" as "10m") }), [
      'alerts[0].for is "10"; allowed: a whole number above 0 with a unit s, m, h, d or w. Fix: write for example "30m"',
    ]));
});

describe("the alerts of a service together", () => {
  it("hold for every service as declared", () => {
    for (const service of services) assert.deepEqual(faults(service), []);
  });

  it("are refused where a bound or one of its own cannot be read, each by its place", () => {
    const readable = { value: guide("70%"), for: guide("15m"), severity: "warning" } as const;
    const wrong = { ...readable, value: guide("70" as "70%"), for: guide("15" as "15m") };
    const workloads = [
      deployment("a"),
      deployment("b", { cpuBelow: [readable, wrong], memoryBelow: [{ ...readable, value: guide("0%") }] }),
    ];
    assert.deepEqual(faults({ ...withAlerts(own, { ...own, summary: "" }), workloads }), [
      "alerts[1].summary is empty; allowed: a text for whoever is told. Fix: say in a few words what is wrong",
      'workloads[1].cpuBelow[1].value is "70"; allowed: a number above 0 and at most 100 with a percent sign. Fix: write for example "99.9%"',
      'workloads[1].cpuBelow[1].for is "15"; allowed: a whole number above 0 with a unit s, m, h, d or w. Fix: write for example "30m"',
      'workloads[1].memoryBelow[0].value is "0%"; allowed: a number above 0 and at most 100 with a percent sign. Fix: write for example "99.9%"',
    ]);
  });

  it("are refused where nothing tells two apart, once however many they are", () => {
    const twice = [
      "alerts is with DiskUsageHigh of severity warning twice; allowed: each name once for each severity. Fix: rename one, or give it another severity",
    ];
    assert.deepEqual(faults(withAlerts(own, { ...own, for: assumed("1h") })), twice);
    assert.deepEqual(faults(withAlerts(own, own, own)), twice);
    assert.equal(faults(withAlerts({ ...own, name: "ErrorRateHigh" })).length, 1);
  });

  it("may have one name where the severity or the workload tells them apart", () => {
    assert.deepEqual(faults(withAlerts(own, { ...own, severity: "critical" })), []);
    assert.deepEqual(faults({ ...database, workloads: [deployment("a"), deployment("b")] }), []);
  });
});
