import { alerts, title } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { mounted, selector } from "./secretValue.ts";

/**
 * Microsoft Teams, by the webhook of a workflow of Power Automate: Teams' own connectors, for which Alertmanager has `msteams_configs`, are
 * retired. Source: prometheus.io/docs/alerting/latest/configuration, "msteamsv2_config".
 */
export const teams: ChannelKind<"teams"> = {
  isPublic: false,
  since: "0.82.0",
  alertmanager: (environment, teams) => ({
    msteamsv2_configs: [{ webhook_url_file: mounted(teams), send_resolved: true, ...message(environment) }],
  }),
  operator: (environment, teams) => ({
    msteamsv2Configs: [{ webhookURL: selector(teams), sendResolved: true, ...message(environment) }],
  }),
};

function message(environment: string) {
  return { title: title(environment), text: teamsText(environment) };
}

/** The text of an Adaptive Card, which renders Markdown's bold and links. */
export function teamsText(environment: string): string {
  return `Environment: ${environment}\n\n${alerts(
    (text) => `**${text}**`,
    (text, url) => `[${text}](${url})`,
  )}`;
}
