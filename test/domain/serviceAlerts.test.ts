import assert from "node:assert/strict";
import { alertFaults, serviceAlertFaults } from "../../domain/alertFaults.ts";
import { jobAlerts } from "../../domain/alerts.ts";
import { alert, assumed, daemonSet, deployment, guide, statefulSet } from "../../domain/declaration.ts";
import { faultMessage } from "../../domain/fault.ts";
import { objectiveRules } from "../../domain/objectives.ts";
import { placed } from "../../domain/placed.ts";
import type { AlertRule } from "../../domain/rules.ts";
import type { Alert, Service } from "../../domain/service.ts";
import { serviceAlerts } from "../../domain/serviceAlerts.ts";
import { declaredServices } from "../../services/index.ts";
import { database } from "../support/database.ts";
import { environmentOf } from "../support/environment.ts";

const services = await declaredServices();

const environment = environmentOf("prod");

const own = alert("DiskUsageHigh", {
  expr: "max(disk_usage{$scope}) > 2 * max(disk_usage{$scope} offset 1d)",
  for: guide("10m"),
  severity: "warning",
  threshold: guide("twice yesterday's"),
  summary: "The disk fills",
  description: "{{ $value }} are used.",
});

const withAlerts = (...alerts: Alert[]): Service => ({ ...database, alerts });
const faults = (service: Service) => serviceAlertFaults(service, environment).map(faultMessage);

describe("a service's alerts", () => {
  it("all say whose they are, where, how loud, for how long, what is wrong and what to do", () => {
    for (const stack of ["prod", "staging", "sandbox"]) {
      const at = environmentOf(stack);
      for (const service of services.map((each) => placed(each, at))) {
        const job = { service: service.name, namespace: service.namespace, job: "a-job", staleAfter: 60 };
        const alerts: AlertRule[] = [
          ...serviceAlerts(service, at),
          ...objectiveRules(service, at).flatMap(({ rules }) => rules.filter((rule) => "alert" in rule)),
          ...jobAlerts({ ...job, severity: "warning", environment: at }),
        ];
        for (const { alert: name, for: wait, labels, annotations } of alerts) {
          const { severity, ...whose } = labels;
          assert.match(severity, /^(critical|warning|info)$/);
          assert.match(wait, /^\d+[smhdw]$/);
          assert.deepEqual(
            { service: whose.service, namespace: whose.namespace, environment: whose.environment },
            { service: service.name, namespace: service.namespace, environment: stack },
          );
          for (const value of Object.values(labels)) assert.doesNotMatch(value, /\{\{/, "a label that changes");
          for (const text of [annotations.summary, annotations.description]) assert.notEqual(text.trim(), "");
          assert.equal(annotations.runbook_url, `https://upkeep.example.com/runbooks/${name}.md`);
        }
      }
    }
  });

  it("look for each kind of workload under its own name", () => {
    const workloads = [deployment("a"), statefulSet("b"), daemonSet("c")];
    const alerts = serviceAlerts({ ...database, workloads }, environment).filter(
      (rule) => rule.alert === "WorkloadNotReady",
    );
    assert.deepEqual(
      alerts.map(({ expr, labels }) => [labels.workload, expr.match(/kube_\w+\{[^}]*\}/)?.[0]]),
      [
        ["a", 'kube_deployment_spec_replicas{namespace="mplp-production",deployment="a"}'],
        ["b", 'kube_statefulset_replicas{namespace="mplp-production",statefulset="b"}'],
        ["c", 'kube_daemonset_status_desired_number_scheduled{namespace="mplp-production",daemonset="c"}'],
      ],
    );
  });

  it("ask for CPU and memory only where that is declared, of the pods and the container that are", () => {
    const bound = [{ value: guide("70%"), for: guide("15m"), severity: "critical" }] as const;
    const alertsOf = (workload: Service["workloads"][number]) =>
      serviceAlerts({ ...database, workloads: [workload] }, environment).filter(({ alert: name }) =>
        /Cpu|Memory/.test(name),
      );
    assert.deepEqual(alertsOf(deployment("a")), []);
    const [cpu, ...others] = alertsOf(statefulSet("my.store", { container: "db", cpuBelow: [...bound] }));
    assert.deepEqual(others, []);
    assert.equal(cpu?.labels.severity, "critical");
    assert.match(cpu?.expr ?? "", /pod=~"my\[\.\]store-\[0-9\]\+",container="db"/);
    const [memory] = alertsOf(daemonSet("agent", { memoryBelow: [...bound] }));
    assert.match(memory?.expr ?? "", /pod=~"agent-\[a-z0-9\]\{5\}",container="agent",resource="memory"\}\)\) > 0\.7$/);
  });

  it("watch an autoscaler only where one is declared", () => {
    const names = (workload: Service["workloads"][number]) =>
      serviceAlerts({ ...database, workloads: [workload] }, environment).map((rule) => rule.alert);
    assert.ok(!names(deployment("a")).some((name) => name.startsWith("Autoscaler")));
    const autoscale = { min: guide(1), max: guide(2), cpu: guide("70%") } as const;
    assert.deepEqual(names(deployment("a", { autoscale })).slice(0, 3), [
      "WorkloadNotReady",
      "AutoscalerMaxedOut",
      "AutoscalerInactive",
    ]);
  });

  it("of its own are asked of its namespace in the environment, wherever the scope stands", () => {
    const staging = environmentOf("staging", { differs: { namespaces: { "mplp-production": "mplp-staging" } } });
    const found = serviceAlerts(placed(withAlerts(own), staging), staging).at(-1);
    assert.equal(
      found?.expr,
      'max(disk_usage{namespace="mplp-staging"}) > 2 * max(disk_usage{namespace="mplp-staging"} offset 1d)',
    );
    assert.deepEqual(found?.labels, {
      severity: "warning",
      service: "mplp",
      namespace: "mplp-staging",
      environment: "staging",
    });
  });

  it("hold for every service as declared", () => {
    for (const service of services) assert.deepEqual(faults(service), []);
  });
});

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
  it("are refused where a bound cannot be read", () => {
    const bound = { value: guide("70" as "70%"), for: guide("15" as "15m"), severity: "warning" } as const;
    const service = { ...database, workloads: [deployment("a"), deployment("b", { memoryBelow: [bound] })] };
    assert.deepEqual(faults(service), [
      'workloads[1].memoryBelow[0].value is "70"; allowed: a number above 0 and at most 100 with a percent sign. Fix: write for example "99.9%"',
      'workloads[1].memoryBelow[0].for is "15"; allowed: a whole number above 0 with a unit s, m, h, d or w. Fix: write for example "30m"',
    ]);
  });

  it("are refused where nothing tells two apart", () => {
    assert.deepEqual(faults(withAlerts(own, { ...own, for: assumed("1h") })), [
      "alerts is with DiskUsageHigh of severity warning twice; allowed: each name once for each severity. Fix: rename one, or give it another severity",
    ]);
    assert.equal(faults(withAlerts({ ...own, name: "ErrorRateHigh" })).length, 1);
    assert.deepEqual(faults(withAlerts(own, { ...own, severity: "critical" })), []);
  });
});
