import assert from "node:assert/strict";
import { objectiveRules } from "../../../domain/alerting/objectives.ts";
import { serviceAlerts } from "../../../domain/alerting/serviceAlerts.ts";
import {
  assumed,
  cloudNativePg,
  daemonSet,
  deployment,
  guide,
  statefulSet,
} from "../../../domain/declaration/declaration.ts";
import type { Objectives, Service } from "../../../domain/declaration/service.ts";
import { inEnvironment } from "../../../domain/environment/inEnvironment.ts";
import { jobAlerts } from "../../../domain/jobs/jobAlerts.ts";
import type { AlertRule } from "../../../domain/prometheus/rules.ts";
import { environmentOf, withFeatures } from "../../support/environment.ts";
import { own, withAlerts } from "../../support/ownAlert.ts";
import { billing, shop } from "../../support/shop.ts";

const environment = environmentOf("prod");

describe("a service's alerts", () => {
  it("all say whose they are, where, their severity, for how long, what is wrong and what to do", () => {
    for (const stack of ["prod", "staging", "sandbox"]) {
      const at = environmentOf(stack);
      for (const service of [shop, billing].map((each) => inEnvironment(each, at))) {
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
    const alerts = serviceAlerts({ ...shop, workloads }, environment).filter(
      (rule) => rule.alert === "WorkloadNotReady",
    );
    assert.deepEqual(
      alerts.map(({ expr, labels }) => [labels.workload, expr.match(/kube_\w+\{[^}]*\}/)?.[0]]),
      [
        ["a", 'kube_deployment_spec_replicas{namespace="shop",deployment="a"}'],
        ["b", 'kube_statefulset_replicas{namespace="shop",statefulset="b"}'],
        ["c", 'kube_daemonset_status_desired_number_scheduled{namespace="shop",daemonset="c"}'],
      ],
    );
  });

  it("ask for CPU and memory only where that is declared, of the pods and the container that are", () => {
    const bound = [{ value: guide("70%"), for: guide("15m"), severity: "critical" }] as const;
    const alertsOf = (workload: Service["workloads"][number]) =>
      serviceAlerts({ ...shop, workloads: [workload] }, environment).filter(({ alert: name }) =>
        /^Workload(Cpu|Memory)/.test(name),
      );
    assert.deepEqual(alertsOf(deployment("a")), []);
    const [cpu, ...others] = alertsOf(statefulSet("my.store", { container: "db", cpuBelow: [...bound] }));
    assert.deepEqual(others, []);
    assert.equal(cpu?.labels.severity, "critical");
    assert.match(cpu?.expr ?? "", /container="db".*owner_kind="StatefulSet",owner_name="my\.store"/);
    const [memory] = alertsOf(daemonSet("agent", { memoryBelow: [...bound] }));
    assert.match(
      memory?.expr ?? "",
      /container="agent",resource="memory"\}\)\).*owner_kind="DaemonSet",owner_name="agent"\}\)\) > 0\.7$/,
    );
  });

  it("watch an autoscaler only where one is declared", () => {
    const names = (workload: Service["workloads"][number]) =>
      serviceAlerts({ ...shop, workloads: [workload] }, environment).map((rule) => rule.alert);
    assert.ok(!names(deployment("a")).some((name) => name.startsWith("Autoscaler")));
    const autoscale = { min: guide(1), max: guide(2), cpu: guide("70%") } as const;
    assert.deepEqual(names(deployment("a", { autoscale })).slice(0, 3), [
      "WorkloadNotReady",
      "AutoscalerMaxedOut",
      "AutoscalerInactive",
    ]);
  });

  it("of its own query its namespace in the environment, at each place of the scope", () => {
    const staging = environmentOf("staging", { differs: { namespaces: { shop: "shop-staging" } } });
    const found = serviceAlerts(inEnvironment(withAlerts(own), staging), staging).at(-1);
    assert.equal(
      found?.expr,
      'max(disk_usage{namespace="shop-staging"}) > 2 * max(disk_usage{namespace="shop-staging"} offset 1d)',
    );
    assert.deepEqual(found?.labels, {
      severity: "warning",
      service: "shop",
      namespace: "shop-staging",
      environment: "staging",
    });
  });
});

describe("the alerts on a service's objectives", () => {
  const errorRate = { below: guide("0.5%"), for: assumed("10m") } as const;
  const latency = [
    { percentile: 95, below: guide("200ms"), for: assumed("10m"), severity: "warning" },
    { percentile: 99.9, below: guide("1s"), for: assumed("5m"), severity: "critical" },
  ] satisfies Objectives["latency"];
  const alertsOf = (objectives: Partial<Objectives>, indicators = shop.indicators) => {
    const { recoveryPoint, recoveryTime } = shop.objectives;
    const only = {
      workloads: [],
      datastores: [],
      objectives: { recoveryPoint, recoveryTime, ...objectives },
      indicators,
    };
    const service = { ...withAlerts(), ...only };
    return serviceAlerts(service, environment);
  };
  const named = (name: string, alerts: AlertRule[]) => alerts.filter((rule) => rule.alert === name);
  const names = (alerts: AlertRule[]) =>
    alerts.map((rule) => [rule.alert, ...Object.values(rule.labels).slice(4)].join(" "));

  const scope = 'namespace="shop"';
  const labels = { service: "shop", namespace: "shop", environment: "prod" };
  const runbook = (name: string) => `https://upkeep.example.com/runbooks/${name}.md`;

  it("notify that too many requests fail, where there are any", () => {
    const total = `sum(rate(shop_http_requests_total{${scope}}[5m]))`;
    assert.deepEqual(named("ErrorRateHigh", alertsOf({ errorRate })), [
      {
        alert: "ErrorRateHigh",
        expr: `(sum(rate(shop_http_requests_total{${scope},status=~"5.."}[5m])) or ${total} * 0) / (${total} > 0) > 0.005`,
        for: "10m",
        labels: { severity: "warning", ...labels },
        annotations: {
          summary: "More than 0.5% of shop's requests fail",
          description: "{{ $value | humanizePercentage }} of the requests of the last minutes failed; 0.5% may.",
          runbook_url: runbook("ErrorRateHigh"),
          dashboard_url: "https://grafana.example.com/d/shop_prod",
        },
      },
    ]);
  });

  it("notify that answers take too long, at the declared severity of each percentile", () => {
    const high = (
      severity: string,
      percentile: string,
      quantile: string,
      seconds: string,
      wait: string,
      description: string,
    ) => ({
      alert: "LatencyHigh",
      expr: `histogram_quantile(${quantile}, sum by (le) (rate(shop_http_request_duration_seconds_bucket{${scope}}[5m]))) >= ${seconds}`,
      for: wait,
      labels: { severity, ...labels, percentile },
      annotations: {
        summary: "shop answers too slowly",
        description,
        runbook_url: runbook("LatencyHigh"),
        dashboard_url: "https://grafana.example.com/d/shop_prod",
      },
    });
    assert.deepEqual(named("LatencyHigh", alertsOf({ latency })), [
      high(
        "warning",
        "95",
        "0.95",
        "0.2",
        "10m",
        "The slowest 5% of the requests take {{ $value | humanizeDuration }} or more; less than 200ms is promised.",
      ),
      high(
        "critical",
        "99.9",
        "0.999",
        "1",
        "5m",
        "The slowest 0.1% of the requests take {{ $value | humanizeDuration }} or more; less than 1s is promised.",
      ),
    ]);
  });

  it("notify that their indicators are missing", () => {
    const missing = (indicator: string, expr: string) => ({
      alert: "IndicatorMissing",
      expr,
      for: "1d",
      labels: { severity: "warning", ...labels, indicator },
      annotations: {
        summary: `Nothing counts the ${indicator} that shop's objectives are measured by`,
        description:
          "Prometheus has had no such series for 1d: whether the objectives are kept is not known, and none of their alerts can fire.",
        runbook_url: runbook("IndicatorMissing"),
        dashboard_url: "https://grafana.example.com/d/shop_prod",
      },
    });
    assert.deepEqual(named("IndicatorMissing", alertsOf({ errorRate, latency })), [
      missing("requests", `absent(shop_http_requests_total{${scope}})`),
      missing("duration", `absent(shop_http_request_duration_seconds_bucket{${scope}})`),
    ]);
    assert.deepEqual(alertsOf({ availability: guide("99.9%") }, {}), [
      missing("requests", 'absent(probe_success{job=~"upkeep/shop/(api|pages)"})'),
    ]);
  });

  it("are those of what is promised and counted alone", () => {
    assert.deepEqual(names(alertsOf({})), []);
    assert.deepEqual(names(alertsOf({ availability: guide("99.9%") })), ["IndicatorMissing requests"]);
    assert.deepEqual(names(alertsOf({ errorRate })), ["ErrorRateHigh", "IndicatorMissing requests"]);
    assert.deepEqual(names(alertsOf({ latency })), ["LatencyHigh 95", "LatencyHigh 99.9", "IndicatorMissing duration"]);
    assert.deepEqual(names(alertsOf({ latency: [] })), []);
    const { requests, duration } = shop.indicators;
    assert.ok(requests && duration);
    assert.deepEqual(names(alertsOf({ errorRate, latency }, { requests })), [
      "ErrorRateHigh",
      "IndicatorMissing requests",
    ]);
    assert.deepEqual(names(alertsOf({ latency, errorRate }, {})), ["IndicatorMissing requests"]);
  });
});

describe("a service's alerts together", () => {
  it("are its workloads', its objectives', its volumes', its own and its continuous backups', each of its environment", () => {
    const continuous = cloudNativePg({
      ...{ cluster: "main", within: guide("5m"), baseBackupWithin: guide("26h") },
      drill: { job: "restore-main", every: guide("8d") },
    });
    const service: Service = {
      ...withAlerts(own),
      workloads: [deployment("a")],
      datastores: shop.datastores.map((one) => ({ ...one, continuous })),
    };
    const alerts = serviceAlerts(service, withFeatures());
    assert.deepEqual(
      [...new Set(alerts.map((rule) => rule.alert))],
      [
        "WorkloadNotReady",
        "ErrorRateHigh",
        "LatencyHigh",
        "IndicatorMissing",
        "VolumeFilling",
        "VolumeInodesFilling",
        "DiskUsageHigh",
        "ContinuousBackupStale",
        "ContinuousBackupMissing",
        "MaintenanceJobStale",
        "MaintenanceJobMissing",
        "MaintenanceJobSuspended",
        "MaintenanceJobFailed",
      ],
    );
    const found = alerts.find((rule) => rule.alert === "DiskUsageHigh");
    assert.deepEqual(
      [found?.for, found?.annotations.summary, found?.annotations.description],
      ["10m", "The disk fills", "{{ $value }} are used."],
    );
  });
});
