import assert from "node:assert/strict";
import { stringify } from "yaml";
import { inlineSecretFaults } from "../../../../domain/kubernetes/inlineSecret.ts";
import { alertmanagerConfiguration } from "../../../../domain/routing/alertmanager.ts";
import { discordText } from "../../../../domain/routing/channels/discord.ts";
import { opsgeniePriority } from "../../../../domain/routing/channels/opsgenie.ts";
import { pushoverPriority } from "../../../../domain/routing/channels/pushover.ts";
import { slackColor, slackText } from "../../../../domain/routing/channels/slack.ts";
import { telegramText } from "../../../../domain/routing/channels/telegram.ts";
import { victoropsType } from "../../../../domain/routing/channels/victorops.ts";
import { alertmanagerConfigs, operatorConfigs } from "../../../../domain/routing/channels.ts";
import { dashboard, incident, plainText, runbook, title } from "../../../../domain/routing/notifications.ts";
import type { Channel } from "../../../../domain/values/severity.ts";
import { environmentOf } from "../../../support/environment.ts";
import { receivers } from "../../../support/receivers.ts";
import { shop } from "../../../support/shop.ts";

const file = "/etc/alertmanager/secrets/alert-receivers/value";
const selector = { name: "alert-receivers", key: "value" };
const bearer = { authorization: { type: "Bearer", credentials_file: file } };
const bearerSelector = { authorization: { type: "Bearer", credentials: selector } };
const pageText = { message: incident("prod"), description: plainText("prod"), priority: opsgeniePriority };
const details = { runbook, dashboard, environment: "prod" };
const team = { responders: [{ name: "operations", type: "team" }] };
const jsm = "https://api.atlassian.com/jsm/ops/integration/";
const slackMessage = { color: slackColor, title: title("prod"), text: slackText("prod"), fallback: title("prod") };
const pushed = { title: title("prod"), message: plainText("prod"), url: runbook, priority: pushoverPriority };
const mail = { to: "a@example.com", from: "b@example.com", smarthost: "smtp.example.com:25" };
const chat = { title: title("prod"), message: discordText("prod") };

/** Of each form that is not in another test: its lists in Alertmanager's configuration, and in an AlertmanagerConfig. */
const forms: Record<string, [native: object, operator: object]> = {
  Opsgenie: [
    { opsgenie_configs: [{ api_key_file: file, send_resolved: true, ...pageText, details }] },
    { opsgenieConfigs: [{ apiKey: selector, sendResolved: true, ...pageText, details: listed(details) }] },
  ],
  "Jira Service Management": [
    { opsgenie_configs: [{ api_key_file: file, api_url: jsm, send_resolved: true, ...pageText, ...team, details }] },
    {
      opsgenieConfigs: [
        { apiKey: selector, apiURL: jsm, sendResolved: true, ...pageText, ...team, details: listed(details) },
      ],
    },
  ],
  "VictorOps at another address": [
    {
      victorops_configs: [
        {
          api_key_file: file,
          routing_key: '{{ "operations" }}',
          api_url: "https://victorops.example.com/alert/",
          send_resolved: true,
          message_type: victoropsType,
          state_message: plainText("prod"),
          entity_display_name: incident("prod"),
        },
      ],
    },
    {
      victoropsConfigs: [
        {
          apiKey: selector,
          routingKey: "operations",
          apiUrl: "https://victorops.example.com/alert/",
          sendResolved: true,
          messageType: victoropsType,
          stateMessage: plainText("prod"),
          entityDisplayName: incident("prod"),
        },
      ],
    },
  ],
  Pushover: [
    {
      pushover_configs: [
        { user_key_file: file, token_file: file, send_resolved: true, ...pushed, url_title: "Runbook" },
      ],
    },
    {
      pushoverConfigs: [{ userKey: selector, token: selector, sendResolved: true, ...pushed, urlTitle: "Runbook" }],
    },
  ],
  "Slack by a channel's id and an app's token": [
    {
      slack_configs: [
        { api_url_file: file, channel: "C024BE91L", send_resolved: true, http_config: bearer, ...slackMessage },
      ],
    },
    {
      slackConfigs: [
        { apiURL: selector, channel: "C024BE91L", sendResolved: true, httpConfig: bearerSelector, ...slackMessage },
      ],
    },
  ],
  Discord: [
    { discord_configs: [{ webhook_url_file: file, send_resolved: true, ...chat }] },
    { discordConfigs: [{ apiURL: selector, sendResolved: true, ...chat }] },
  ],
  Telegram: [
    {
      telegram_configs: [
        {
          bot_token_file: file,
          chat_id: -1001234567890,
          send_resolved: true,
          message: telegramText("prod"),
          parse_mode: "HTML",
        },
      ],
    },
    {
      telegramConfigs: [
        {
          botToken: selector,
          chatID: -1001234567890,
          sendResolved: true,
          message: telegramText("prod"),
          parseMode: "HTML",
        },
      ],
    },
  ],
  "e-mail with a login": [
    {
      email_configs: [
        {
          ...mail,
          auth_username: "upkeep",
          auth_password_file: file,
          send_resolved: true,
          headers: { Subject: title("prod") },
        },
      ],
    },
    {
      emailConfigs: [
        {
          ...mail,
          authUsername: "upkeep",
          authPassword: selector,
          sendResolved: true,
          headers: listed({ Subject: title("prod") }),
        },
      ],
    },
  ],
  "e-mail without a login": [
    { email_configs: [{ ...mail, require_tls: false, send_resolved: true, headers: { Subject: title("prod") } }] },
    {
      emailConfigs: [{ ...mail, requireTLS: false, sendResolved: true, headers: listed({ Subject: title("prod") }) }],
    },
  ],
  "a webhook with a token": [
    { webhook_configs: [{ url_file: file, send_resolved: true, http_config: bearer }] },
    { webhookConfigs: [{ urlSecret: selector, sendResolved: true, httpConfig: bearerSelector }] },
  ],
  "a webhook beside a status page": [
    {
      webhook_configs: [
        { url_file: file, send_resolved: true },
        { url_file: file, send_resolved: true },
      ],
    },
    {
      webhookConfigs: [
        { urlSecret: selector, sendResolved: true },
        { urlSecret: selector, sendResolved: true },
      ],
    },
  ],
};

function listed(values: Record<string, string>) {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

describe("a receiver", () => {
  for (const [name, [native, operator]] of Object.entries(forms)) {
    it(`of ${name} is in Alertmanager's configuration and in an AlertmanagerConfig`, () => {
      assert.deepEqual(alertmanagerConfigs("prod", receivers[name] ?? {}), native);
      assert.deepEqual(operatorConfigs("prod", receivers[name] ?? {}), operator);
    });
  }

  it("of PagerDuty in the EU has its address", () => {
    const { pagerduty_configs: [native] = [] } = alertmanagerConfigs("prod", receivers["PagerDuty in the EU"] ?? {});
    const { pagerdutyConfigs: [operator] = [] } = operatorConfigs("prod", receivers["PagerDuty in the EU"] ?? {});
    assert.equal((native as { url: string }).url, "https://events.eu.pagerduty.com/v2/enqueue");
    assert.equal(operator?.url, "https://events.eu.pagerduty.com/v2/enqueue");
  });

  for (const [name, receiver] of Object.entries(receivers)) {
    it(`of ${name} holds no credential that the policies find`, () => {
      const prod = environmentOf("prod");
      const environment = { ...prod, alerting: { ...prod.alerting, receivers: { default: receiver } } };
      const channels = Object.keys(receiver) as Channel[];
      const service = { ...shop, notify: { critical: channels, warning: channels, info: channels } };
      const text = stringify(alertmanagerConfiguration(environment, [service]));
      assert.deepEqual(inlineSecretFaults("Secret", { stringData: { "alertmanager.yaml": text } }), []);
    });
  }
});
