import { bySeverity, plainText, runbook, title } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { mounted, selector } from "./secretValue.ts";

export const pushover: ChannelKind<"pushover"> = {
  isPublic: false,
  since: "0.44.0",
  alertmanager: (environment, { user, token }) => ({
    pushover_configs: [
      {
        user_key_file: mounted(user),
        token_file: mounted(token),
        send_resolved: true,
        ...message(environment),
        url_title: "Runbook",
      },
    ],
  }),
  operator: (environment, { user, token }) => ({
    pushoverConfigs: [
      {
        userKey: selector(user),
        token: selector(token),
        sendResolved: true,
        ...message(environment),
        urlTitle: "Runbook",
      },
    ],
  }),
};

function message(environment: string) {
  return { title: title(environment), message: plainText(environment), url: runbook, priority: pushoverPriority };
}

/** 2 repeats until someone acknowledges it. Source: pushover.net/api, "priority". */
export const pushoverPriority = `{{ if eq .Status "resolved" }}0{{ else }}${bySeverity("2", "0")}{{ end }}`;
