import { z } from "zod";
import { address, flag, optional, type Refusal, saying, text } from "../values/schema.ts";
import { type Channel, isPager } from "../values/severity.ts";

export const secretName = text("the name of a Secret", "alert-receivers").meta({ passedOn: "TOKEN" });

const IN =
  "in Alertmanager's namespace for `upkeep`, in each namespace of the service and its datastores for `shared`.";

/** A value by its Secret's name and key: no setting holds a secret. */
export const secretValue = z.strictObject({
  secret: secretName.describe(`The Secret: ${IN}`),
  key: text("a key of the Secret", "slack-url").describe("The key of the Secret."),
});

/** A secret value with an example of its key. */
function secret(key: string) {
  return secretValue.extend({ key: text("a key of the Secret", key).describe("The key of the Secret.") });
}

/** Whether a receiver's channel pages. */
function pager(channel: Channel) {
  return flag()
    .default(isPager(channel))
    .describe("Whether it pages: critical alerts need a pager if `upkeep:alerting.pages` is true.");
}

/** A channel whose destination is one secret value. */
function bySecret(channel: Channel, key: string) {
  return secret(key).extend({ pager: pager(channel) });
}

const api = (vendors: string, example: string) =>
  optional(address.meta({ examples: [example] })).describe(`The API's address; by default ${vendors}.`);

const email = z
  .strictObject({
    to: text("an address", "operations@example.com", /@/).describe("The recipient."),
    from: text("an address", "upkeep@example.com", /@/).describe("The sender."),
    smarthost: text("host:port", "smtp.example.com:587", /:\d+$/).describe("The mail server, as host:port."),
    tls: flag().default(true).describe("Whether a mail is sent only if the mail server offers TLS."),
    username: optional(text("a user of the mail server", "upkeep")).describe(
      "The user at the mail server, whose password the Secret holds; without it there is no login.",
    ),
    secret: optional(secretName).describe(`The Secret of the password: ${IN}`),
    key: optional(text("a key of the Secret", "smtp-password")).describe("The key of the Secret."),
    pager: pager("email"),
  })
  .superRefine(({ username, secret, key }, context) => {
    const login = Object.entries({ username, secret, key });
    const missing = login.flatMap(([name, value]) => (value === undefined ? [name] : []));
    if (missing.length === 0 || missing.length === login.length) return;
    const refusal: Refusal = {
      got: `a login without ${missing.join(" and ")}`,
      allowed: "username, secret and key for a login, or none of them",
      fix: `add ${missing.join(" and ")}, or remove the others`,
    };
    context.addIssue({ code: "custom", params: { refusal } });
  });

/** Where each channel leads. A value that is secret is always a Secret's key. */
export const receiver = z.strictObject({
  pagerduty: optional(
    bySecret("pagerduty", "pagerduty-routing-key").extend({
      api: api("that of PagerDuty's US region", "https://events.eu.pagerduty.com/v2/enqueue"),
    }),
  ).describe("A PagerDuty integration of the Events API v2: its routing key."),
  opsgenie: optional(
    bySecret("opsgenie", "opsgenie-api-key").extend({
      api: api("Opsgenie's in the US", "https://api.atlassian.com/jsm/ops/integration/"),
      team: optional(text("a team of Opsgenie", "operations")).describe(
        "The team that responds; by default the one that owns the integration.",
      ),
    }),
  ).describe(
    "Opsgenie, or Jira Service Management with `api: https://api.atlassian.com/jsm/ops/integration/`: the API key of an API integration.",
  ),
  victorops: optional(
    bySecret("victorops", "victorops-api-key").extend({
      routingKey: text("letters, digits, - and _", "operations", /^[\w-]+$/).describe(
        "The routing key, which chooses the team. It is no secret.",
      ),
      api: api("Splunk's", "https://alert.victorops.com/integrations/generic/20131114/alert/"),
    }),
  ).describe("VictorOps, now Splunk On-Call: the API key of its Prometheus integration."),
  pushover: optional(
    z.strictObject({
      user: secret("pushover-user").describe("The user's or group's key."),
      token: secret("pushover-token").describe("The application's token."),
      pager: pager("pushover"),
    }),
  ).describe("Pushover; critical alerts repeat until they are acknowledged, for up to an hour."),
  slack: optional(
    bySecret("slack", "slack-url").extend({
      channel: text("a channel such as #alerts, or its id", "#alerts", /^(#.+|[A-Z][A-Z0-9]{6,})$/).describe(
        "The channel, by name or by id.",
      ),
      token: optional(secret("slack-token")).describe(
        "The token of a Slack app that may post (`chat:write`); the URL is then `https://slack.com/api/chat.postMessage`.",
      ),
    }),
  ).describe("Slack: the URL of an incoming webhook."),
  teams: optional(bySecret("teams", "teams-url")).describe(
    "A channel of Microsoft Teams: the URL of its workflow's webhook.",
  ),
  discord: optional(bySecret("discord", "discord-url")).describe("A channel of Discord: the URL of its webhook."),
  telegram: optional(
    bySecret("telegram", "telegram-bot-token").extend({
      chat: saying(
        z.int().refine((id) => id !== 0),
        { allowed: "the chat's id, a whole number; that of a group is negative", examples: [-1001234567890] },
      ).describe("The chat's id."),
    }),
  ).describe("A chat of Telegram: the token of a bot that is a member of it."),
  email: optional(email).describe("E-mail, with or without a login at the mail server."),
  webhook: optional(
    bySecret("webhook", "webhook-url").extend({
      token: optional(secret("webhook-token")).describe("A bearer token that is sent with it."),
    }),
  ).describe("A webhook that receives Alertmanager's own JSON, such as Grafana OnCall's: its URL."),
  statusPage: optional(secret("status-page-url")).describe("A status page's webhook: its URL."),
} satisfies Record<Channel, z.ZodType>);

export type Receiver = z.output<typeof receiver>;
