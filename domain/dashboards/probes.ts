import { CERTIFICATE_ENDS_WITHIN } from "../alerting/endpointAlerts.ts";
import { probesOf } from "../alerting/probes.ts";
import { curves, number } from "./panels.ts";
import type { Row } from "./row.ts";

/** The probes of each endpoint. None if the health monitor checks the endpoints: its checks are no series. */
export const probes: Row = (service, environment) => {
  const found = probesOf(service, environment);
  if (found.length === 0) return [];
  const of = (metric: string, worst = "min") =>
    `${worst} by (instance) (${metric}{job=~"${found.map(({ jobName }) => jobName).join("|")}"})`;
  const addresses = found.flatMap(({ endpoint }) => endpoint.urls);
  const expiring = addresses.some((url) => url.startsWith("https:"));
  return [
    curves({
      title: "Probes",
      description: "1 while an address answers with a status of 2xx, 0 while it does not.",
      unit: "short",
      queries: [["{{instance}}", of("probe_success")]],
      span: expiring ? 8 : 12,
    }),
    curves({
      title: "Probes' durations",
      description: "How long a probe took, with its name's resolution and its TLS handshake.",
      unit: "s",
      queries: [["{{instance}}", of("probe_duration_seconds", "max")]],
      span: expiring ? 8 : 12,
    }),
    ...(expiring ? [certificates(of("probe_ssl_last_chain_expiry_timestamp_seconds"))] : []),
  ];
};

function certificates(expiry: string) {
  return number({
    title: "Certificates end in",
    description: "Of the verified chain that each address shows. CertificateExpiring fires at the lines.",
    unit: "s",
    queries: [["{{instance}}", `${expiry} - time()`]],
    span: 8,
    below: "red",
    lines: [
      [CERTIFICATE_ENDS_WITHIN.critical, "orange"],
      [CERTIFICATE_ENDS_WITHIN.warning, "green"],
    ],
  });
}
