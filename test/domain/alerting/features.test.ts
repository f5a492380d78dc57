import assert from "node:assert/strict";
import { featureAlerts } from "../../../domain/alerting/features.ts";
import { platformAlerts } from "../../../domain/alerting/platformAlerts.ts";
import { serviceAlerts } from "../../../domain/alerting/serviceAlerts.ts";
import { withFeatures } from "../../support/environment.ts";
import { billing, keeping, shop } from "../../support/shop.ts";

/** The alerts that a feature adds to those of the shop, with the datastore that each is about. */
const added = (...features: string[]) =>
  featureAlerts(shop, withFeatures(...features)).map(({ name, labels }) =>
    [name, labels?.datastore ?? ""].join(" ").trim(),
  );

const exporters = (...features: string[]) =>
  platformAlerts(withFeatures(...features), [shop]).flatMap(({ labels }) =>
    labels.exporter && labels.severity === "warning" ? labels.exporter : [],
  );

describe("a feature of the cluster", () => {
  it("adds its alerts, and none if the environment lacks it", () => {
    assert.deepEqual(added(), []);
    assert.deepEqual(added("certManager"), ["CertificateNotReady", "CertificateNotRenewed", "CertificateNotRenewed"]);
    assert.deepEqual(added("trivyOperator"), [
      "VulnerabilitiesCritical",
      "ConfigurationAuditCritical",
      "VulnerabilityReportsMissing",
    ]);
    assert.deepEqual(added("postgresExporter"), [
      "ExporterMissing orders",
      "DatastoreSizeHigh orders",
      "DatabaseConnectionsHigh orders",
      "DatabaseDeadRowsHigh orders",
      "TransactionIdsLow orders",
      "ReplicationLagHigh orders",
    ]);
    assert.deepEqual(added("redisExporter"), [
      "ExporterMissing cache",
      "DatastoreSizeHigh cache",
      "CacheMemoryHigh cache",
      "CacheEvicting cache",
      "CacheFragmented cache",
    ]);
  });

  it("looks for a datastore's exporter in the datastore's namespace", () => {
    const datastores = shop.datastores.map((one) => (one.name === "orders" ? { ...one, namespace: "databases" } : one));
    const alerts = featureAlerts({ ...shop, datastores }, withFeatures("postgresExporter"));
    assert.ok(alerts.length > 0);
    for (const { expr } of alerts) assert.match(expr, /\{namespace="databases"/);
  });

  it("is of no use to a service without such a datastore, or with nothing in the cluster", () => {
    const without = keeping(shop, "configuration");
    assert.deepEqual(featureAlerts(without, withFeatures("postgresExporter", "redisExporter")), []);
    const elsewhere = { ...shop, workloads: [], datastores: [], alerts: [] };
    const named = serviceAlerts(elsewhere, withFeatures("certManager", "trivyOperator")).map(({ alert }) => alert);
    assert.deepEqual(
      named.filter((name) => /^(Certificate|Vulnerab|Volume)/.test(name)),
      [],
    );
  });

  it("that belongs to no service gives its alerts once, and none to a service", () => {
    const once = (...features: string[]) => {
      const all = platformAlerts(withFeatures(...features), [shop, billing]).filter(({ alert }) =>
        /^(Collector|Grafana)/.test(alert),
      );
      assert.deepEqual(added(...features), []);
      return all.map(({ alert, labels }) => [alert, labels.telemetry ?? ""].join(" ").trim());
    };
    assert.deepEqual(once(), []);
    assert.deepEqual(once("otelCollector"), [
      ...["CollectorDataLost spans", "CollectorRefusing spans"],
      ...["CollectorDataLost metric_points", "CollectorRefusing metric_points"],
      ...["CollectorDataLost log_records", "CollectorRefusing log_records"],
      "CollectorQueueHigh",
    ]);
    assert.deepEqual(once("grafana"), ["GrafanaDataSourceFailing"]);
  });

  it("that is one for the whole cluster has an alert on its exporter", () => {
    assert.deepEqual(exporters(), ["prometheus", "alertmanager"]);
    assert.deepEqual(exporters("certManager", "trivyOperator", "postgresExporter", "otelCollector", "grafana", "vpa"), [
      "cert-manager",
      "trivy-operator",
      "otel-collector",
      "grafana",
      "vertical-pod-autoscaler",
      "prometheus",
      "alertmanager",
    ]);
  });
});
