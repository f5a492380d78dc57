import { alerts, runbook, service, summary } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { keyValues, mounted, selector } from "./secretValue.ts";

export const pagerduty: ChannelKind<"pagerduty"> = {
  pages: true,
  fallback: false,
  alertmanager: (environment, pagerduty) => ({
    pagerduty_configs: [
      {
        routing_key_file: mounted(pagerduty),
        send_resolved: true,
        ...message(environment),
        details: incidentDetails(environment),
        links: [{ href: runbook, text: "Runbook" }],
      },
    ],
  }),
  operator: (environment, pagerduty) => ({
    pagerdutyConfigs: [
      {
        routingKey: selector(pagerduty),
        sendResolved: true,
        ...message(environment),
        details: keyValues(incidentDetails(environment)),
        pagerDutyLinkConfigs: [{ href: runbook, alt: "Runbook" }],
      },
    ],
  }),
};

function message(environment: string) {
  return {
    description: incident(environment),
    severity: incidentSeverity,
    class: "{{ .CommonLabels.alertname }}",
    component: "{{ .CommonLabels.service }}",
    group: environment,
  };
}

/** An incident's title: PagerDuty shows its severity and whether it is resolved beside it. */
export function incident(environment: string): string {
  return `${environment}${service}: ${summary}`;
}

/** One of the severities of PagerDuty's Events API v2. */
export const incidentSeverity = '{{ if eq .CommonLabels.severity "critical" }}critical{{ else }}warning{{ end }}';

/** The custom details of an incident. */
export function incidentDetails(environment: string): Record<string, string> {
  return {
    summary,
    description: "{{ .CommonAnnotations.description }}",
    runbook,
    environment,
    namespace: "{{ .CommonLabels.namespace }}",
    alerts: alerts(
      (text) => text,
      (url) => `Runbook: ${url}`,
    ),
  };
}
