import { alerts, title } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { bearerFile, bearerSelector, mounted, selector } from "./secretValue.ts";

export const slack: ChannelKind<"slack"> = {
  isPublic: false,
  since: "0.44.0",
  alertmanager: (environment, slack) => ({
    slack_configs: [
      {
        api_url_file: mounted(slack),
        channel: slack.channel,
        send_resolved: true,
        ...bearerFile(slack.token),
        ...message(environment),
      },
    ],
  }),
  operator: (environment, slack) => ({
    slackConfigs: [
      {
        apiURL: selector(slack),
        channel: slack.channel,
        sendResolved: true,
        ...bearerSelector(slack.token),
        ...message(environment),
      },
    ],
  }),
};

function message(environment: string) {
  return {
    color: slackColor,
    title: title(environment),
    text: slackText(environment),
    fallback: title(environment),
  };
}

export function slackText(environment: string): string {
  return `Environment: ${environment}\n${alerts(
    (text) => `*${text}*`,
    (text, url) => `<${url}|${text}>`,
  )}`;
}

export const slackColor =
  '{{ if eq .Status "resolved" }}good{{ else if eq .CommonLabels.severity "critical" }}danger{{ else }}warning{{ end }}';
