import assert from "node:assert/strict";
import { endpoint } from "../../domain/declaration.ts";
import { endpointAlerts } from "../../domain/endpointAlerts.ts";
import { assumed } from "../../domain/sourced.ts";
import { mplp } from "../../services/mplp.ts";
import { environmentOf } from "../support/environment.ts";

const prod = environmentOf("prod");
const alerts = endpointAlerts(mplp, prod);
const of = (name: string, of: string) => alerts.filter(({ alert, labels }) => alert === name && labels.endpoint === of);

describe("the alerts on endpoints", () => {
  it("tell that one does not answer after its own time, as loud as it is declared", () => {
    const [api] = of("EndpointDown", "api");
    assert.equal(api?.expr, 'max by (instance) (probe_success{job="upkeep/mplp/api"}) == 0');
    assert.equal(api?.for, "2m");
    assert.deepEqual(api?.labels, {
      severity: "critical",
      service: "mplp",
      namespace: "mplp-production",
      environment: "prod",
      endpoint: "api",
    });
    const [modules] = of("EndpointDown", "modules");
    assert.deepEqual([modules?.for, modules?.labels.severity], ["5m", "warning"]);
  });

  it("tell that one of many addresses is no longer probed", () => {
    const [missing] = of("ProbeMissing", "modules");
    assert.equal(
      missing?.expr,
      '(count(count by (instance) (probe_success{job="upkeep/mplp/modules"})) or vector(0)) < 10',
    );
    assert.equal(missing?.labels.severity, "warning");
  });

  it("tell of a certificate's end 30 days before, and wake somebody 7 days before", () => {
    assert.deepEqual(
      of("CertificateExpiring", "api").map(({ expr, labels }) => [labels.severity, expr]),
      [
        [
          "warning",
          'min by (instance) (probe_ssl_last_chain_expiry_timestamp_seconds{job="upkeep/mplp/api"}) - time() < 2592000',
        ],
        [
          "critical",
          'min by (instance) (probe_ssl_last_chain_expiry_timestamp_seconds{job="upkeep/mplp/api"}) - time() < 604800',
        ],
      ],
    );
  });

  it("watch no certificate where there is none", () => {
    const plain = endpoint("plain", ["http://api.example.com/"], { severity: "warning", for: assumed("5m") });
    assert.deepEqual(
      endpointAlerts({ ...mplp, endpoints: [plain] }, prod).map(({ alert }) => alert),
      ["EndpointDown", "ProbeMissing"],
    );
  });

  it("are none where no Probe makes the series", () => {
    assert.deepEqual(endpointAlerts(mplp, environmentOf("sandbox")), []);
  });
});
