import assert from "node:assert/strict";
import { endpointAlerts } from "../../../domain/alerting/endpointAlerts.ts";
import { endpoint } from "../../../domain/declaration/declaration.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { shop } from "../../support/shop.ts";

const prod = environmentOf("prod");
const alerts = endpointAlerts(shop, prod);
const of = (name: string, of: string) => alerts.filter(({ alert, labels }) => alert === name && labels.endpoint === of);

describe("the alerts on endpoints", () => {
  const common = { service: "shop", namespace: "shop", environment: "prod" };
  const runbook = (alert: string) => `https://upkeep.example.com/runbooks/${alert}.md`;

  it("notify that one does not answer after its own time, at its declared severity", () => {
    assert.deepEqual(of("EndpointDown", "api"), [
      {
        alert: "EndpointDown",
        expr: 'max by (instance) (probe_success{job="upkeep/shop/api"}) == 0',
        for: "2m",
        labels: { severity: "critical", ...common, endpoint: "api" },
        annotations: {
          summary: "api of shop does not answer",
          description: "{{ $labels.instance }} has not answered with a status of 2xx for 2m.",
          runbook_url: runbook("EndpointDown"),
          dashboard_url: "https://grafana.example.com/d/shop_prod",
        },
      },
    ]);
    const [modules] = of("EndpointDown", "pages");
    assert.deepEqual([modules?.for, modules?.labels.severity], ["5m", "warning"]);
  });

  it("warn of one that fails again and again, and never for its whole time", () => {
    assert.deepEqual(of("EndpointFlapping", "api"), [
      {
        alert: "EndpointFlapping",
        expr:
          'max by (instance) (avg_over_time(probe_success{job="upkeep/shop/api"}[30m])) < 0.75' +
          ' and max by (instance) (changes(probe_success{job="upkeep/shop/api"}[30m])) > 2',
        for: "5m",
        labels: { severity: "warning", ...common, endpoint: "api" },
        annotations: {
          summary: "api of shop fails again and again",
          description:
            "{{ $labels.instance }} answered {{ $value | humanizePercentage }} of the probes of the last 30m with a status of 2xx, and failed more than once in between.",
          runbook_url: runbook("EndpointFlapping"),
          dashboard_url: "https://grafana.example.com/d/shop_prod",
        },
      },
    ]);
  });

  it("notify that one of many addresses is no longer probed", () => {
    assert.deepEqual(of("ProbeMissing", "pages"), [
      {
        alert: "ProbeMissing",
        expr: '(count(count by (instance) (probe_success{job="upkeep/shop/pages"})) or vector(0)) < 2 unless on () absent(probe_success{job=~"upkeep/.+"})',
        for: "15m",
        labels: { severity: "warning", ...common, endpoint: "pages" },
        annotations: {
          summary: "pages of shop is not watched",
          description:
            "Only {{ $value }} of 2 addresses of pages are probed: no alert fires if the others do not answer.",
          runbook_url: runbook("ProbeMissing"),
          dashboard_url: "https://grafana.example.com/d/shop_prod",
        },
      },
    ]);
  });

  it("notify of a certificate's end 30 days before, and page 7 days before", () => {
    const expiring = (severity: string, seconds: number, left: string) => ({
      alert: "CertificateExpiring",
      expr: `min by (instance) (probe_ssl_last_chain_expiry_timestamp_seconds{job="upkeep/shop/api"}) - time() < ${seconds}`,
      for: "1h",
      labels: { severity, ...common, endpoint: "api" },
      annotations: {
        summary: "The certificate of api of shop ends soon",
        description: `The certificate that {{ $labels.instance }} shows ends in {{ $value | humanizeDuration }}, which is less than ${left}.`,
        runbook_url: runbook("CertificateExpiring"),
        dashboard_url: "https://grafana.example.com/d/shop_prod",
      },
    });
    assert.deepEqual(of("CertificateExpiring", "api"), [
      expiring("warning", 2592000, "30d"),
      expiring("critical", 604800, "7d"),
    ]);
  });

  it("watch the certificate of an endpoint of which only one address has one", () => {
    const urls = ["http://api.example.com/", "https://api.example.com/"];
    const mixed = endpoint("mixed", urls, { severity: "warning", for: assumed("5m") });
    assert.deepEqual(
      endpointAlerts({ ...shop, endpoints: [mixed] }, prod).map(({ alert }) => alert),
      ["EndpointDown", "EndpointFlapping", "ProbeMissing", "CertificateExpiring", "CertificateExpiring"],
    );
  });

  it("watch no certificate of an address without TLS", () => {
    const plain = endpoint("plain", ["http://api.example.com/?of=https:"], { severity: "warning", for: assumed("5m") });
    assert.deepEqual(
      endpointAlerts({ ...shop, endpoints: [plain] }, prod).map(({ alert }) => alert),
      ["EndpointDown", "EndpointFlapping", "ProbeMissing"],
    );
  });

  it("do not exist where no Probe makes the series", () => {
    assert.deepEqual(endpointAlerts(shop, environmentOf("sandbox")), []);
  });
});
