import { title } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { keyValues, mounted, selector } from "./secretValue.ts";

export const email: ChannelKind<"email"> = {
  pages: false,
  fallback: false,
  alertmanager: (environment, { to, from, smarthost, username, ...password }) => ({
    email_configs: [
      {
        ...{ to, from, smarthost },
        auth_username: username,
        auth_password_file: mounted(password),
        send_resolved: true,
        headers: headers(environment),
      },
    ],
  }),
  operator: (environment, { to, from, smarthost, username, ...password }) => ({
    emailConfigs: [
      {
        ...{ to, from, smarthost },
        authUsername: username,
        authPassword: selector(password),
        sendResolved: true,
        headers: keyValues(headers(environment)),
      },
    ],
  }),
};

function headers(environment: string): Record<string, string> {
  return { Subject: title(environment) };
}
