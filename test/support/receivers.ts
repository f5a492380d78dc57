import { type Receiver, receiver } from "../../domain/environment/receivers.ts";

const value = { secret: "alert-receivers", key: "value" };
const mail = { to: "a@example.com", from: "b@example.com", smarthost: "smtp.example.com:25" };

/** A receiver of each channel, and of each form that a channel has, by a name for tests. */
export const receivers: Record<string, Receiver> = Object.fromEntries(
  Object.entries({
    PagerDuty: { pagerduty: value },
    "PagerDuty in the EU": { pagerduty: { ...value, api: "https://events.eu.pagerduty.com/v2/enqueue" } },
    Opsgenie: { opsgenie: value },
    "Jira Service Management": {
      opsgenie: { ...value, api: "https://api.atlassian.com/jsm/ops/integration/", team: "operations" },
    },
    VictorOps: { victorops: { ...value, routingKey: "operations" } },
    "VictorOps at another address": {
      victorops: { ...value, routingKey: "operations", api: "https://victorops.example.com/alert/" },
    },
    Pushover: { pushover: { user: value, token: value } },
    "Slack by a channel's name": { slack: { ...value, channel: "#alerts" } },
    "Slack by a channel's id and an app's token": { slack: { ...value, channel: "C024BE91L", token: value } },
    "Microsoft Teams": { teams: value },
    Discord: { discord: value },
    Telegram: { telegram: { ...value, chat: -1001234567890 } },
    "e-mail with a login": { email: { ...mail, ...value, username: "upkeep" } },
    "e-mail without a login": { email: { ...mail, tls: false } },
    "a webhook": { webhook: value },
    "a webhook with a token": { webhook: { ...value, token: value } },
    "a status page": { statusPage: value },
    "a webhook beside a status page": { webhook: value, statusPage: value },
  }).map(([name, settings]) => [name, receiver.parse(settings)]),
);
