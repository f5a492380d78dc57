import { plainText, title } from "../notifications.ts";
import type { ChannelKind } from "./channel.ts";
import { mounted, selector } from "./secretValue.ts";

export const telegram: ChannelKind<"telegram"> = {
  isPublic: false,
  since: "0.57.0",
  alertmanager: (environment, { chat, ...token }) => ({
    telegram_configs: [
      {
        bot_token_file: mounted(token),
        chat_id: chat,
        send_resolved: true,
        message: telegramText(environment),
        parse_mode: "HTML",
      },
    ],
  }),
  operator: (environment, { chat, ...token }) => ({
    telegramConfigs: [
      {
        botToken: selector(token),
        chatID: chat,
        sendResolved: true,
        message: telegramText(environment),
        parseMode: "HTML",
      },
    ],
  }),
};

/**
 * Five alerts: Alertmanager sends none of a message of more than 4096 characters. As HTML without elements: an AlertmanagerConfig cannot
 * ask for plain text, and Alertmanager escapes what alerts hold.
 */
export function telegramText(environment: string): string {
  return `${title(environment)}\n${plainText(environment, 5)}`;
}
