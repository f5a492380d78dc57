import { alerts, title } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { mounted, selector } from "./secretValue.ts";

export const discord: ChannelKind<"discord"> = {
  isPublic: false,
  since: "0.67.0",
  alertmanager: (environment, discord) => ({
    discord_configs: [{ webhook_url_file: mounted(discord), send_resolved: true, ...message(environment) }],
  }),
  operator: (environment, discord) => ({
    discordConfigs: [{ apiURL: selector(discord), sendResolved: true, ...message(environment) }],
  }),
};

function message(environment: string) {
  return { title: title(environment), message: discordText(environment) };
}

/** Discord's Markdown, of at most 4096 characters: Alertmanager cuts the rest off. */
export function discordText(environment: string): string {
  return `Environment: ${environment}\n${alerts(
    (text) => `**${text}**`,
    (text, url) => `[${text}](${url})`,
    5,
  )}`;
}
