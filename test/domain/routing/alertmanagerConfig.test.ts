import assert from "node:assert/strict";
import { AlertmanagerConfig } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig";
import type { Service } from "../../../domain/declaration/service.ts";
import { alertmanagerConfigSpec } from "../../../domain/routing/alertmanagerConfig.ts";
import { incidentDetails, incidentSeverity } from "../../../domain/routing/channels/pagerduty.ts";
import { slackColor, slackText } from "../../../domain/routing/channels/slack.ts";
import { incident, title } from "../../../domain/routing/notifications.ts";
import { guide } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { catalog, search, shop } from "./routed.ts";

const prod = environmentOf("prod");
const staging = environmentOf("staging");

const sameSubject = [
  ...["alertname", "service", "namespace", "environment"],
  ...["cronjob", "workload", "endpoint", "check", "indicator", "instance", "persistentvolumeclaim"],
  ...["datastore", "exporter", "name"],
];

describe("a service's AlertmanagerConfig", () => {
  const spec = alertmanagerConfigSpec(staging, search);

  it("takes the service's alerts alone, each severity to its receiver, muted in the service's windows", () => {
    const isService = { name: "service", matchType: "=", value: "search" };
    const severity = (value: string, receiver: string, times: object = {}) => ({
      matchers: [{ name: "severity", matchType: "=", value }],
      receiver,
      ...times,
    });
    const quiet = {
      groupWait: "30s",
      repeatInterval: "12h",
      muteTimeIntervals: ["search-daily", "search-weekly", "search-monthly"],
    };
    assert.deepEqual(alertmanagerConfigSpec(prod, search).route, {
      matchers: [isService, { name: "namespace", matchType: "=", value: "search" }],
      receiver: "fallback",
      groupBy: ["service", "alertname", "environment"],
      groupInterval: "5m",
      routes: [
        severity("none", "nowhere"),
        severity("critical", "search-critical", { groupWait: "10s", repeatInterval: "4h" }),
        severity("warning", "search-warning", quiet),
        severity("info", "search-info", quiet),
      ],
    });
  });

  it("inhibits no other service's alerts", () => {
    const own = { name: "service", matchType: "=", value: "search" };
    const is = (name: string, value: string) => ({ name, matchType: "=", value });
    const oneOf = (name: string, value: string) => ({ name, matchType: "=~", value });
    assert.deepEqual(spec.inhibitRules, [
      {
        sourceMatch: [own, is("severity", "critical")],
        targetMatch: [own, oneOf("severity", "warning|info")],
        equal: sameSubject,
      },
      {
        sourceMatch: [own, is("alertname", "MaintenanceWindow")],
        targetMatch: [own, oneOf("severity", "warning|info")],
        equal: ["service", "environment"],
      },
      {
        sourceMatch: [own, is("alertname", "EndpointDown"), is("severity", "critical")],
        targetMatch: [own, oneOf("alertname", "ErrorRateHigh|LatencyHigh")],
        equal: ["service", "environment"],
      },
      {
        sourceMatch: [own, is("alertname", "EndpointDown")],
        targetMatch: [own, is("alertname", "EndpointFlapping")],
        equal: sameSubject.slice(1),
      },
    ]);
  });

  it("writes each channel that a severity of the service uses, with every secret by Secret and key", () => {
    const notify = {
      critical: ["pagerduty", "email"],
      warning: ["slack", "statusPage"],
      info: [],
    } satisfies Service["notify"];
    const secret = (key: string) => ({ name: "alert-receivers", key });
    assert.deepEqual(alertmanagerConfigSpec(prod, { ...shop, notify }).receivers?.slice(1), [
      { name: "nowhere" },
      {
        name: "shop-critical",
        pagerdutyConfigs: [
          {
            routingKey: secret("pagerduty-routing-key"),
            sendResolved: true,
            description: incident("prod"),
            severity: incidentSeverity,
            class: "{{ .CommonLabels.alertname }}",
            component: "{{ .CommonLabels.service }}",
            group: "prod",
            details: Object.entries(incidentDetails("prod")).map(([key, value]) => ({ key, value })),
            pagerDutyLinkConfigs: [
              { href: "{{ .CommonAnnotations.runbook_url }}", alt: "Runbook" },
              { href: "{{ .CommonAnnotations.dashboard_url }}", alt: "Dashboard" },
            ],
          },
        ],
        emailConfigs: [
          {
            to: "maintenance@example.com",
            from: "upkeep@example.com",
            smarthost: "smtp.example.com:587",
            authUsername: "upkeep",
            authPassword: secret("smtp-password"),
            sendResolved: true,
            headers: [{ key: "Subject", value: title("prod") }],
          },
        ],
      },
      {
        name: "shop-warning",
        slackConfigs: [
          {
            apiURL: secret("slack-url"),
            channel: "#alerts",
            sendResolved: true,
            color: slackColor,
            title: title("prod"),
            text: slackText("prod"),
            fallback: title("prod"),
          },
        ],
        webhookConfigs: [{ urlSecret: secret("status-page-url"), sendResolved: true }],
      },
    ]);
  });

  it("has the form that the custom resource's schema demands, with a window that ends at midnight too", () => {
    const late = {
      ...(search.windows[0] as Service["windows"][0]),
      name: "late",
      at: guide("23:00"),
      lasts: guide("1h"),
    };
    const right = alertmanagerConfigSpec(prod, { ...search, windows: [late] });
    const resource = (changes: Partial<typeof right>) =>
      new AlertmanagerConfig({ metadata: { name: "search-routes" }, spec: { ...right, ...changes } });
    resource({}).validate();
    const wrong = { ...(right.muteTimeIntervals?.[0] as object), name: 1 } as never;
    assert.throws(() => resource({ muteTimeIntervals: [wrong] }).validate());
    assert.throws(() => resource({ route: { ...right.route, groupInterval: "5 minutes" } }).validate());
  });

  it("has the service's windows as mute times in UTC", () => {
    assert.deepEqual(spec.muteTimeIntervals, [
      { name: "search-daily", timeIntervals: [{ times: [{ startTime: "00:00", endTime: "00:15" }] }] },
      {
        name: "search-weekly",
        timeIntervals: [{ times: [{ startTime: "02:00", endTime: "04:00" }], weekdays: ["sunday"] }],
      },
      {
        name: "search-monthly",
        timeIntervals: [
          {
            times: [{ startTime: "06:00", endTime: "10:00" }],
            weekdays: ["saturday"],
            daysOfMonth: [{ start: 1, end: 7 }],
          },
        ],
      },
    ]);
  });

  it("has a window's whole days without times, and no mute time where the service has no window", () => {
    const days = { on: { every: "sunday" }, at: guide("00:00"), lasts: guide("24h") } as const;
    const [weekly] = catalog.windows as [Service["windows"][0]];
    assert.deepEqual(
      alertmanagerConfigSpec(staging, { ...shop, windows: [{ ...weekly, ...days }] }).muteTimeIntervals,
      [{ name: "shop-weekly", timeIntervals: [{ weekdays: ["sunday"] }] }],
    );
    assert.ok(!("muteTimeIntervals" in alertmanagerConfigSpec(staging, shop)));
  });
});
