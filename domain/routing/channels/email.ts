import { title } from "../notifications.ts";
import type { ChannelKind, ChannelSettings } from "./channel.ts";
import { keyValues, mounted, selector } from "./secretValue.ts";

export const email: ChannelKind<"email"> = {
  isPublic: false,
  since: "0.44.0",
  alertmanager: (environment, settings) => {
    const { to, from, smarthost, tls } = settings;
    const login = loginOf(settings);
    return {
      email_configs: [
        {
          ...{ to, from, smarthost },
          ...(login && { auth_username: login.username, auth_password_file: mounted(login) }),
          ...(!tls && { require_tls: false }),
          send_resolved: true,
          headers: headers(environment),
        },
      ],
    };
  },
  operator: (environment, settings) => {
    const { to, from, smarthost, tls } = settings;
    const login = loginOf(settings);
    return {
      emailConfigs: [
        {
          ...{ to, from, smarthost },
          ...(login && { authUsername: login.username, authPassword: selector(login) }),
          ...(!tls && { requireTLS: false }),
          sendResolved: true,
          headers: keyValues(headers(environment)),
        },
      ],
    };
  },
};

/** The user and its password; undefined for a mail server without a login. The schema allows no half of it. */
function loginOf({ username, secret, key }: ChannelSettings<"email">) {
  return username === undefined || secret === undefined || key === undefined ? undefined : { username, secret, key };
}

function headers(environment: string): Record<string, string> {
  return { Subject: title(environment) };
}
