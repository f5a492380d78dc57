import type { WatchedFeature } from "./feature.ts";

/** The used share of the time between a certificate's renewal and its end: it has the same meaning for certificates of 90 days and of one. */
const USED = { warning: 0.5, critical: 0.9 } as const;

/**
 * cert-manager's Certificates in the service's namespace: also those that no probe of an endpoint sees.
 * Source: its pkg/metrics/certificates.go; a renewal that is not planned is at 0.
 */
export const certManager: WatchedFeature = {
  exporter: {
    name: "cert-manager",
    down: "absent(certmanager_certificate_ready_status)",
    lost: "no alert fires on certificates of any service",
  },
  alerts({ namespace }) {
    const scope = `namespace="${namespace}"`;
    const at = (what: string) => `max by (name) (certmanager_certificate_${what}_timestamp_seconds{${scope}})`;
    const used = `1 - (${at("expiration")} - time()) / (${at("expiration")} - (${at("renewal")} > 0))`;
    return [
      {
        name: "CertificateNotReady",
        expr: `max by (name) (certmanager_certificate_ready_status{${scope},condition!="True"}) == 1`,
        // Longer than an ACME order with its retries.
        for: "30m",
        severity: "warning",
        summary: "cert-manager cannot issue a certificate",
        description: "Certificate {{ $labels.name }} is not ready: it was not issued, is invalid or has ended.",
      },
      ...(["warning", "critical"] as const).map((severity) => ({
        name: "CertificateNotRenewed",
        expr: `${used} > ${USED[severity]}`,
        for: "1h",
        severity,
        summary: "cert-manager does not renew a certificate",
        description:
          "{{ $value | humanizePercentage }} of the time between the renewal of Certificate {{ $labels.name }} and its end is over, and it is not renewed.",
      })),
    ];
  },
};
