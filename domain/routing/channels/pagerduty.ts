import { alerts, bySeverity, incident, runbook, summary } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { keyValues, mounted, selector } from "./secretValue.ts";

export const pagerduty: ChannelKind<"pagerduty"> = {
  isPublic: false,
  since: "0.43.0",
  alertmanager: (environment, pagerduty) => ({
    pagerduty_configs: [
      {
        routing_key_file: mounted(pagerduty),
        ...(pagerduty.api && { url: pagerduty.api }),
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
        ...(pagerduty.api && { url: pagerduty.api }),
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

/** One of the severities of PagerDuty's Events API v2. */
export const incidentSeverity = bySeverity("critical", "warning");

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
