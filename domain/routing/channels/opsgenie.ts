import { bySeverity, dashboard, incident, plainText, runbook } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { keyValues, mounted, selector } from "./secretValue.ts";

/** Opsgenie, and Jira Service Management, whose Integration Events API is Opsgenie's: developer.atlassian.com/cloud/jira/service-desk-ops. */
export const opsgenie: ChannelKind<"opsgenie"> = {
  isPublic: false,
  since: "0.43.0",
  alertmanager: (environment, { api, team, ...key }) => ({
    opsgenie_configs: [
      {
        api_key_file: mounted(key),
        ...(api && { api_url: api }),
        send_resolved: true,
        ...message(environment, team),
        details: details(environment),
      },
    ],
  }),
  operator: (environment, { api, team, ...key }) => ({
    opsgenieConfigs: [
      {
        apiKey: selector(key),
        ...(api && { apiURL: api }),
        sendResolved: true,
        ...message(environment, team),
        details: keyValues(details(environment)),
      },
    ],
  }),
};

function message(environment: string, team: string | undefined) {
  return {
    message: incident(environment),
    description: plainText(environment),
    priority: opsgeniePriority,
    ...(team && { responders: [{ name: team, type: "team" as const }] }),
  };
}

export const opsgeniePriority = bySeverity("P1", "P3");

/** Beside the labels that the group shares, which Alertmanager adds. */
function details(environment: string): Record<string, string> {
  return { runbook, dashboard, environment };
}
