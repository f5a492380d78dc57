import assert from "node:assert/strict";
import type { Service } from "../../../domain/declaration/service.ts";
import { alertmanagerConfiguration } from "../../../domain/routing/alertmanager.ts";
import { incidentDetails, incidentSeverity } from "../../../domain/routing/channels/pagerduty.ts";
import { slackColor, slackText } from "../../../domain/routing/channels/slack.ts";
import { incident, title } from "../../../domain/routing/notifications.ts";
import { environmentOf } from "../../support/environment.ts";
import { routed, search, shop } from "./routed.ts";

const prod = environmentOf("prod");

const sameSubject = [
  ...["alertname", "service", "namespace", "environment"],
  ...["cronjob", "workload", "endpoint", "check", "indicator", "instance", "persistentvolumeclaim"],
  ...["datastore", "exporter", "name"],
];

describe("Alertmanager's configuration", () => {
  const configuration = alertmanagerConfiguration(prod, routed);

  it("groups by service, alert and environment, brings news at most five minutes late, and reminds twice a day", () => {
    const { routes: _, ...root } = configuration.route;
    assert.deepEqual(root, {
      receiver: "fallback",
      group_by: ["service", "alertname", "environment"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
    });
  });

  it("has a route for each service, and in it one for each severity, muted in the service's windows", () => {
    const severity = (name: string, receiver: string, times: object) => ({
      matchers: [`severity="${name}"`],
      receiver,
      ...times,
    });
    const [loud, quiet] = [
      { group_wait: "10s", repeat_interval: "4h" },
      { group_wait: "30s", repeat_interval: "12h" },
    ];
    const muted = { ...quiet, mute_time_intervals: ["search-daily", "search-weekly", "search-monthly"] };
    const service = (name: string, routes: object[]) => ({
      matchers: [`service="${name}"`],
      receiver: "fallback",
      routes,
    });
    const routes = alertmanagerConfiguration(prod, [shop, search]).route.routes;
    assert.deepEqual(routes, [
      { matchers: ['alertname="Watchdog"'], receiver: "dead-mans-switch", repeat_interval: "4m" },
      { matchers: ['severity="none"'], receiver: "nowhere" },
      service("shop", [
        severity("critical", "shop-critical", loud),
        severity("warning", "shop-warning", quiet),
        severity("info", "nowhere", quiet),
      ]),
      service("search", [
        severity("critical", "search-critical", loud),
        severity("warning", "search-warning", muted),
        severity("info", "search-info", muted),
      ]),
      service("upkeep", [
        severity("critical", "upkeep-critical", loud),
        severity("warning", "upkeep-warning", quiet),
        severity("info", "nowhere", quiet),
      ]),
    ]);
  });

  it("reads every secret from a file that prometheus-operator mounts, and holds none", () => {
    const credentials = /"(routing_key|service_key|api_url|auth_password|url|\w*secret|\w*token)(_file)?":"([^"]*)"/g;
    const found = [...JSON.stringify(configuration).matchAll(credentials)].map(([, key, file, value]) => [
      `${key}${file ?? ""}`,
      value,
    ]);
    assert.deepEqual(
      [...new Set(found.map(([key, value]) => `${key} ${value}`))],
      [
        "api_url_file /etc/alertmanager/secrets/alert-receivers/slack-url",
        "url_file /etc/alertmanager/secrets/alert-receivers/dead-mans-switch-url",
        "routing_key_file /etc/alertmanager/secrets/alert-receivers/pagerduty-routing-key",
      ],
    );
  });

  it("writes each channel that a severity of a service uses, and no other", () => {
    const notify = {
      critical: ["pagerduty", "email"],
      warning: ["slack", "statusPage"],
      info: [],
    } satisfies Service["notify"];
    const secrets = "/etc/alertmanager/secrets/alert-receivers";
    assert.deepEqual(alertmanagerConfiguration(prod, [{ ...shop, notify }]).receivers.slice(1, -2), [
      { name: "nowhere" },
      {
        name: "dead-mans-switch",
        webhook_configs: [{ url_file: `${secrets}/dead-mans-switch-url`, send_resolved: true }],
      },
      {
        name: "shop-critical",
        pagerduty_configs: [
          {
            routing_key_file: `${secrets}/pagerduty-routing-key`,
            send_resolved: true,
            description: incident("prod"),
            severity: incidentSeverity,
            class: "{{ .CommonLabels.alertname }}",
            component: "{{ .CommonLabels.service }}",
            group: "prod",
            details: incidentDetails("prod"),
            links: [
              { href: "{{ .CommonAnnotations.runbook_url }}", text: "Runbook" },
              { href: "{{ .CommonAnnotations.dashboard_url }}", text: "Dashboard" },
            ],
          },
        ],
        email_configs: [
          {
            to: "maintenance@example.com",
            from: "upkeep@example.com",
            smarthost: "smtp.example.com:587",
            auth_username: "upkeep",
            auth_password_file: `${secrets}/smtp-password`,
            send_resolved: true,
            headers: { Subject: title("prod") },
          },
        ],
      },
      {
        name: "shop-warning",
        slack_configs: [
          {
            api_url_file: `${secrets}/slack-url`,
            channel: "#alerts",
            send_resolved: true,
            color: slackColor,
            title: title("prod"),
            text: slackText("prod"),
            fallback: title("prod"),
          },
        ],
        webhook_configs: [{ url_file: `${secrets}/status-page-url`, send_resolved: true }],
      },
    ]);
  });

  it("inhibits what an alert of higher severity already says, always of the same service", () => {
    assert.deepEqual(configuration.inhibit_rules, [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity=~"warning|info"'],
        equal: sameSubject,
      },
      {
        source_matchers: ['alertname="MaintenanceWindow"'],
        target_matchers: ['severity=~"warning|info"'],
        equal: ["service", "environment"],
      },
      {
        source_matchers: ['alertname="EndpointDown"', 'severity="critical"'],
        target_matchers: ['alertname=~"ErrorRateHigh|LatencyHigh"'],
        equal: ["service", "environment"],
      },
      {
        source_matchers: ['alertname="EndpointDown"'],
        target_matchers: ['alertname="EndpointFlapping"'],
        equal: sameSubject.slice(1),
      },
    ]);
  });

  it("names a mute time for each window, and no other", () => {
    assert.deepEqual(
      configuration.time_intervals.map(({ name }) => name),
      ["catalog-weekly", "search-daily", "search-weekly", "search-monthly"],
    );
    assert.deepEqual(configuration.time_intervals.at(-1)?.time_intervals, [
      { times: [{ start_time: "06:00", end_time: "10:00" }], weekdays: ["saturday"], days_of_month: ["1:7"] },
    ]);
  });
});
