import type { WatchedFeature } from "./feature.ts";

/** A scan of a new image, or the deletion of an old one's report, takes less. */
const SCANNED = "1d";

/** Trivy Operator's reports on the service's namespace. Source: its docs/tutorials/integrations/metrics.md. */
export const trivyOperator: WatchedFeature = {
  exporter: {
    name: "trivy-operator",
    down: "absent(trivy_image_vulnerabilities)",
    lost: "no alert fires on vulnerabilities of any service",
  },
  alerts({ namespace }) {
    const scope = `namespace="${namespace}"`;
    return [
      {
        name: "VulnerabilitiesCritical",
        expr: `max by (image_repository, image_tag) (trivy_image_vulnerabilities{${scope},severity="Critical"}) > 0`,
        for: SCANNED,
        severity: "warning",
        summary: "An image has critical vulnerabilities",
        description:
          "{{ $labels.image_repository }}:{{ $labels.image_tag }} has {{ $value }} critical vulnerabilities.",
      },
      {
        name: "ConfigurationAuditCritical",
        expr: `max by (resource_kind, resource_name) (trivy_resource_configaudits{${scope},severity="Critical"}) > 0`,
        for: SCANNED,
        severity: "warning",
        summary: "A workload's configuration has critical findings",
        description: "{{ $labels.resource_kind }} {{ $labels.resource_name }} fails {{ $value }} critical checks.",
      },
      {
        name: "VulnerabilityReportsMissing",
        expr: `absent(trivy_image_vulnerabilities{${scope}}) unless on () absent(trivy_image_vulnerabilities)`,
        for: SCANNED,
        severity: "warning",
        summary: "No image is scanned",
        description: `Trivy Operator has no report on namespace ${namespace}: VulnerabilitiesCritical cannot fire.`,
      },
    ];
  },
};
