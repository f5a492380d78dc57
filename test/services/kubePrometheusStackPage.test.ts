import assert from "node:assert/strict";
import { AlertRoutes } from "../../components/alerting/alertRoutes.ts";
import { PlatformAlerts } from "../../components/alerting/platformAlerts.ts";
import { MaintainedService } from "../../components/service.ts";
import { OBJECTIVE_PERIOD } from "../../domain/alerting/objectives.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { seconds } from "../../domain/values/duration.ts";
import { registered } from "../components/resources.ts";
import { environmentOf, settingsOf } from "../support/environment.ts";
import { blocksOf, ownAlerting, release } from "../support/kubePrometheusStack.ts";
import { billing, shop } from "../support/shop.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests and values, read at paths that the assertions name
type Fields = Record<string, any>;

const [prometheus, shared] = blocksOf("values.yaml").map((values) => ({
  ...values.prometheus?.prometheusSpec,
  ...values.alertmanager?.alertmanagerSpec,
  monitor: values["kube-state-metrics"]?.prometheus.monitor,
})) as [Fields, Fields];
const own = blocksOf("values.yaml, owner upkeep")[0]?.alertmanager.alertmanagerSpec as Fields;
const monitoring = blocksOf("Pulumi.<stack>.yaml")[0]?.["upkeep:monitoring"] as Fields;

/** Whether labels are selected, as Kubernetes selects; the page's selectors have no expressions. */
function selects(selector: Fields, labels: Record<string, string>): boolean {
  assert.ok(Object.keys(selector).every((key) => key === "matchLabels"));
  return Object.entries(selector.matchLabels ?? {}).every(([label, value]) => labels[label] === value);
}

/** The selector that the chart writes: its own, else the release's label, or everything. Source: its templates/prometheus/prometheus.yaml. */
function selectorOf(kind: "rule" | "probe"): Fields {
  const byRelease = prometheus[`${kind}SelectorNilUsesHelmValues`];
  return prometheus[`${kind}Selector`] ?? (byRelease ? { matchLabels: { release } } : {});
}

async function objects(environment: Environment): Promise<Fields[]> {
  const services = [shop, billing];
  const found = await registered(() => {
    for (const service of services) new MaintainedService(service.name, { environment, service });
    new AlertRoutes("alert-routes", { environment, services });
    new PlatformAlerts("platform-alerts", { environment, services });
  });
  return found.map(({ inputs }) => inputs).filter(({ metadata }) => metadata !== undefined);
}

describe("the page on kube-prometheus-stack", () => {
  const { owner: _, ...alerting } = settingsOf("prod").alerting as Fields;
  let rendered: Fields[];
  let ofOwn: Fields[];
  before(async () => {
    rendered = await objects(environmentOf("prod", { monitoring, alerting }));
    ofOwn = await objects(environmentOf("prod", { monitoring, alerting: ownAlerting }));
  });
  const of = (kind: string) => rendered.filter((object) => object.kind === kind);

  it("selects every PrometheusRule and every Probe, in every namespace", () => {
    for (const [kind, name] of [
      ["PrometheusRule", "rule"],
      ["Probe", "probe"],
    ] as const) {
      const found = of(kind);
      assert.ok(found.length > 1, `${found.length} of ${kind}`);
      for (const { metadata } of found) assert.ok(selects(selectorOf(name), metadata.labels), metadata.name);
      assert.deepEqual(prometheus[`${name}NamespaceSelector`], {});
    }
  });

  it("selects every AlertmanagerConfig, in every namespace", () => {
    const found = of("AlertmanagerConfig");
    assert.ok(new Set(found.map(({ metadata }) => metadata.namespace)).size > 2);
    for (const { metadata } of found) {
      assert.ok(selects(shared.alertmanagerConfigSelector, metadata.labels), metadata.name);
      // The label that the page names for selectors.
      assert.equal(metadata.labels["app.kubernetes.io/managed-by"], "upkeep");
    }
    assert.deepEqual(shared.alertmanagerConfigNamespaceSelector, {});
    assert.equal(shared.alertmanagerConfigMatcherStrategy.type, "OnNamespace");
  });

  it("keeps and scrapes as the settings say, and long enough for error budgets", () => {
    assert.equal(prometheus.retention, monitoring.retention);
    assert.ok(seconds(prometheus.retention) > seconds(OBJECTIVE_PERIOD));
    assert.equal(prometheus.scrapeInterval, monitoring.scrapeInterval);
    assert.equal(prometheus.evaluationInterval, monitoring.scrapeInterval);
    assert.equal(prometheus.monitor.honorLabels, true);
  });

  it("has Probes ask the blackbox exporter that it installs, with a module that it has", () => {
    const [exporter] = blocksOf("blackbox-exporter.yaml") as [Fields];
    for (const { spec } of of("Probe")) {
      assert.equal(spec.prober.url, `${exporter.fullnameOverride}.monitoring.svc:${exporter.service.port}`);
      assert.ok(spec.module in exporter.config.modules, spec.module);
    }
  });

  it("names the replica of the chart's Alertmanager, after the release", () =>
    assert.deepEqual(monitoring.alertmanagers, [
      `http://alertmanager-${release}-alertmanager-0.alertmanager-operated.monitoring.svc:9093`,
    ]));

  it("reads the configuration that Upkeep writes, and mounts every Secret that it names", () => {
    const secrets = ofOwn.filter(({ stringData }) => stringData !== undefined);
    assert.deepEqual(
      secrets.map(({ metadata }) => [metadata.name, metadata.namespace]),
      [[own.configSecret, "monitoring"]],
    );
    assert.equal(own.useExistingSecret, true);
    const [{ stringData }] = secrets as [Fields];
    const text = JSON.stringify(stringData.value ?? stringData);
    const named = [...text.matchAll(/\/etc\/alertmanager\/secrets\/([\w-]+)\//g)].map(([, name]) => name);
    assert.ok(named.length > 3);
    assert.deepEqual([...new Set(named)], own.secrets);
    assert.deepEqual(
      ofOwn.filter(({ kind }) => kind === "AlertmanagerConfig"),
      [],
    );
  });
});
