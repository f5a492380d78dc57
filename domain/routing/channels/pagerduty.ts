import { alerts, bySeverity, dashboard, incident, runbook, summary } from "../notifications.ts";
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
        links,
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
        pagerDutyLinkConfigs: links.map(({ href, text }) => ({ href, alt: text })),
      },
    ],
  }),
};

/** Alertmanager leaves out a link whose address is empty. Source: its notify/pagerduty/pagerduty.go. */
const links = [
  { href: runbook, text: "Runbook" },
  { href: dashboard, text: "Dashboard" },
];

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
    dashboard,
    environment,
    namespace: "{{ .CommonLabels.namespace }}",
    alerts: alerts(
      (text) => text,
      (text, url) => `${text}: ${url}`,
    ),
  };
}
