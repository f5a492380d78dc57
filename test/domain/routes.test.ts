import assert from "node:assert/strict";
import { AlertmanagerConfig } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig";
import { alertmanagerConfiguration } from "../../domain/alertmanager.ts";
import { alertmanagerConfigSpec } from "../../domain/alertmanagerConfig.ts";
import type { Environment } from "../../domain/environment.ts";
import { faultMessage } from "../../domain/fault.ts";
import { routeFaults } from "../../domain/routeFaults.ts";
import { type Route, routing } from "../../domain/routes.ts";
import type { Service } from "../../domain/service.ts";
import type { Channel } from "../../domain/severity.ts";
import { guide } from "../../domain/sourced.ts";
import { timeToPage } from "../../domain/timeToPage.ts";
import { mplp } from "../../services/mplp.ts";
import { environmentOf, settingsOf } from "../support/environment.ts";
import { routed } from "../support/routed.ts";

const prod = environmentOf("prod");
const staging = environmentOf("staging");

function withReceivers(stack: string, receivers: Record<string, unknown>): Environment {
  const { alerting } = settingsOf(stack) as { alerting: { receivers: object } };
  return environmentOf(stack, { alerting: { ...alerting, receivers: { ...alerting.receivers, ...receivers } } });
}

const pager = { secret: "tapio-receivers", key: "pager" };
const slack = { secret: "tapio-receivers", key: "slack", channel: "#tapio" };

describe("the routes", () => {
  const of = (environment: Environment, service: string): Route[] =>
    routing(environment, routed).routes.find(({ matchers }) => matchers[0]?.value === service)?.routes ?? [];
  const channelsOf = (environment: Environment, name: string) =>
    Object.keys(routing(environment, routed).destinations.find((one) => one.name === name)?.channels ?? { none: 0 });

  it("take each severity of a service to the channels that it declares", () => {
    assert.deepEqual(channelsOf(prod, "mplp-critical"), ["pagerduty", "slack"]);
    assert.deepEqual(channelsOf(prod, "tapio-critical"), ["pagerduty"]);
    assert.deepEqual(channelsOf(prod, "mplp-warning"), ["slack"]);
    assert.deepEqual(channelsOf(prod, "nowhere"), []);
    assert.deepEqual(channelsOf(prod, "fallback"), ["slack"]);
  });

  it("wake nobody in an environment that does not page: critical alerts go where warnings go", () => {
    assert.deepEqual(
      of(staging, "tapio").map(({ receiver }) => receiver),
      ["tapio-warning", "tapio-warning", "tapio-info"],
    );
    const { destinations } = routing(staging, routed);
    assert.ok(destinations.every(({ channels }) => channels.pagerduty === undefined));
    assert.ok(!destinations.some(({ name }) => name === "tapio-critical"));
  });

  it("are muted in the service's own windows, for warnings and infos alone", () => {
    for (const environment of [prod, staging]) {
      assert.deepEqual(
        of(environment, "tapio").map(({ muted }) => muted),
        [undefined, ["tapio-daily", "tapio-weekly", "tapio-monthly"], ["tapio-daily", "tapio-weekly", "tapio-monthly"]],
      );
      assert.deepEqual(
        of(environment, "mplp").map(({ muted }) => muted),
        [undefined, undefined, undefined],
      );
    }
  });

  it("lead to the owning team's receiver, and to the default one where the team has none", () => {
    const own = withReceivers("prod", { tapio: { pagerduty: pager, slack } });
    const secretOf = (name: string) =>
      routing(own, routed).destinations.find((one) => one.name === name)?.channels.pagerduty?.secret;
    assert.equal(secretOf("tapio-critical"), "tapio-receivers");
    assert.equal(secretOf("mplp-critical"), "alert-receivers");
  });
});

describe("Alertmanager's configuration", () => {
  const configuration = alertmanagerConfiguration(prod, routed);

  it("groups by service, alert and environment, and brings news at most five minutes late", () => {
    assert.deepEqual(configuration.route.group_by, ["service", "alertname", "environment"]);
    assert.equal(configuration.route.group_interval, "5m");
    assert.equal(configuration.route.receiver, "fallback");
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
        "routing_key_file /etc/alertmanager/secrets/alert-receivers/pagerduty-routing-key",
      ],
    );
  });

  it("writes each channel that a service uses", () => {
    const all = { ...mplp, notify: { ...mplp.notify, warning: ["email", "statusPage"] } } satisfies Service;
    const receivers = alertmanagerConfiguration(prod, [all]).receivers;
    const warning = receivers.find(({ name }) => name === "mplp-warning");
    assert.deepEqual(warning?.webhook_configs, [
      { url_file: "/etc/alertmanager/secrets/alert-receivers/status-page-url", send_resolved: true },
    ]);
    const { headers, ...email } = (warning?.email_configs?.[0] ?? {}) as Record<string, unknown>;
    assert.deepEqual(email, {
      to: "maintenance@example.com",
      from: "upkeep@example.com",
      smarthost: "smtp.example.com:587",
      auth_username: "upkeep",
      auth_password_file: "/etc/alertmanager/secrets/alert-receivers/smtp-password",
      send_resolved: true,
    });
    assert.match((headers as { Subject: string }).Subject, / prod/);
  });

  it("holds back what a louder alert already says, always of the same service", () => {
    assert.deepEqual(configuration.inhibit_rules, [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity=~"warning|info"'],
        equal: ["alertname", "service", "namespace"],
      },
      {
        source_matchers: ['alertname="MaintenanceWindow"'],
        target_matchers: ['severity=~"warning|info"'],
        equal: ["service"],
      },
      {
        source_matchers: ['alertname="EndpointDown"', 'severity="critical"'],
        target_matchers: ['alertname=~"ErrorRateHigh|LatencyHigh"'],
        equal: ["service"],
      },
    ]);
  });

  it("names a mute time for each window, and no other", () => {
    assert.deepEqual(
      configuration.time_intervals.map(({ name }) => name),
      ["task-mcp-weekly", "tapio-daily", "tapio-weekly", "tapio-monthly"],
    );
    assert.deepEqual(configuration.time_intervals.at(-1)?.time_intervals, [
      { times: [{ start_time: "06:00", end_time: "10:00" }], weekdays: ["saturday"], days_of_month: ["1:7"] },
    ]);
  });
});

describe("a service's AlertmanagerConfig", () => {
  const [, , tapio] = routed as [Service, Service, Service];
  const spec = alertmanagerConfigSpec(staging, tapio);

  it("takes the service's alerts alone, and inhibits nobody else's", () => {
    assert.deepEqual(spec.route?.matchers, [{ name: "service", matchType: "=", value: "tapio" }]);
    for (const { sourceMatch, targetMatch, equal } of spec.inhibitRules ?? []) {
      assert.deepEqual(sourceMatch?.[0], { name: "service", matchType: "=", value: "tapio" });
      assert.deepEqual(targetMatch?.[0], { name: "service", matchType: "=", value: "tapio" });
      assert.ok(equal?.includes("service"));
    }
    assert.equal(spec.inhibitRules?.length, 3);
  });

  it("names every secret by Secret and key", () => {
    const all = withReceivers("staging", { tapio: { slack, pagerduty: pager } });
    const warning = alertmanagerConfigSpec({ ...all, alerting: { ...all.alerting, pages: true } }, tapio).receivers;
    const receiver = (name: string) => warning?.find((one) => one.name === name);
    assert.deepEqual(receiver("tapio-warning")?.slackConfigs?.[0]?.apiURL, { name: "tapio-receivers", key: "slack" });
    assert.deepEqual(receiver("tapio-critical")?.pagerdutyConfigs?.[0]?.routingKey, {
      name: "tapio-receivers",
      key: "pager",
    });
  });

  it("has the form that the custom resource's schema demands, with a window that ends at midnight too", () => {
    const late = {
      ...(tapio.windows[0] as Service["windows"][0]),
      name: "late",
      at: guide("23:00"),
      lasts: guide("1h"),
    };
    const own = withReceivers("staging", { tapio: { slack, pagerduty: pager } });
    const right = alertmanagerConfigSpec(own, { ...tapio, windows: [late] });
    const resource = (changes: Partial<typeof right>) =>
      new AlertmanagerConfig({ metadata: { name: "tapio-routes" }, spec: { ...right, ...changes } });
    resource({}).validate();
    const wrong = { ...(right.muteTimeIntervals?.[0] as object), name: 1 } as never;
    assert.throws(() => resource({ muteTimeIntervals: [wrong] }).validate());
    assert.throws(() => resource({ route: { ...right.route, groupInterval: "5 minutes" } }).validate());
  });

  it("has the service's windows as mute times in UTC", () => {
    assert.deepEqual(spec.muteTimeIntervals, [
      { name: "tapio-daily", timeIntervals: [{ times: [{ startTime: "00:00", endTime: "00:15" }] }] },
      {
        name: "tapio-weekly",
        timeIntervals: [{ times: [{ startTime: "02:00", endTime: "04:00" }], weekdays: ["sunday"] }],
      },
      {
        name: "tapio-monthly",
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
});

describe("routes that would reach nobody", () => {
  const messages = (environment: Environment, services = routed) =>
    routeFaults(environment, services).map(faultMessage);
  const notifying = (notify: Partial<Service["notify"]>): Service[] => [
    { ...mplp, notify: { ...mplp.notify, ...notify } },
  ];

  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`are not in ${stack}`, () => assert.deepEqual(messages(environmentOf(stack)), []));
  }

  it("are refused where a critical alert pages and its team has no pager", () => {
    assert.deepEqual(messages(withReceivers("prod", { tapio: { slack } })), [
      'upkeep:alerting.receivers.tapio.pagerduty in Pulumi.prod.yaml is missing; allowed: a pager, for tapio of team tapio notifies it: critical without a pager. Fix: pulumi config set --path upkeep:alerting.receivers.tapio.pagerduty.secret <value> --stack prod, and its key, or take "pagerduty" out of tapio.notify',
    ]);
  });

  it("are refused where alerts page and a service's critical ones do not", () => {
    assert.deepEqual(messages(prod, notifying({ critical: ["slack"] })), [
      'mplp.notify.critical is slack: critical without a pager; allowed: pagerduty among them, where upkeep:alerting.pages is true. Fix: add "pagerduty"',
    ]);
    assert.deepEqual(messages(staging, notifying({ critical: ["slack"] })), []);
    const got = (critical: Channel[]) => messages(prod, notifying({ critical })).map((text) => text.split(":")[0]);
    assert.deepEqual(got([]), ["mplp.notify.critical is empty"]);
    assert.deepEqual(got(["slack", "email"]), ["mplp.notify.critical is slack, email"]);
  });

  it("are refused where critical alerts go where warnings go, which is nowhere", () => {
    assert.deepEqual(messages(staging, notifying({ warning: [] })), [
      'mplp.notify.warning is empty; allowed: a channel: where upkeep:alerting.pages is false, critical alerts go where warnings go. Fix: add for example "slack"',
    ]);
    assert.deepEqual(messages(prod, notifying({ warning: [] })), []);
  });

  it("are refused for a channel that no receiver of the team has", () => {
    assert.deepEqual(messages(staging, notifying({ info: ["email"] })), [
      'upkeep:alerting.receivers.default.email in Pulumi.staging.yaml is missing; allowed: a receiver, for mplp of team mplp-operations notifies it. Fix: pulumi config set --path upkeep:alerting.receivers.default.email.secret <value> --stack staging, and its key, or take "email" out of mplp.notify',
    ]);
  });

  it("are refused for a critical channel beside the pager that is not there, which is no pager", () => {
    const own = withReceivers("prod", { "mplp-operations": { pagerduty: pager, slack } });
    const [fault = "", ...more] = messages(own, notifying({ critical: ["pagerduty", "email"] }));
    assert.match(fault, /mplp-operations\.email in Pulumi\.prod\.yaml is missing; allowed: a receiver, for mplp /);
    assert.deepEqual(more, []);
  });

  it("are refused without any receiver", () => {
    const nobody = { ...prod, alerting: { ...prod.alerting, receivers: {} } };
    assert.deepEqual(
      routeFaults(nobody, [mplp]).map(({ path }) => path),
      ["slack", "pagerduty", "slack"].map(
        (channel) => `upkeep:alerting.receivers.default.${channel} in Pulumi.prod.yaml`,
      ),
    );
  });

  it("are refused without a fallback", () => {
    const none = withReceivers("prod", { default: { pagerduty: pager }, tapio: { pagerduty: pager, slack } });
    const tapio = routed.filter(({ name }) => name === "tapio");
    assert.deepEqual(messages(none, tapio), [
      "upkeep:alerting.receivers.default.slack in Pulumi.prod.yaml is missing; allowed: a webhook: what no route takes goes there, and nothing is dropped in silence. Fix: pulumi config set --path upkeep:alerting.receivers.default.slack.secret <value> --stack prod, and its key",
    ]);
  });

  it("are refused for a team that owns no service", () => {
    assert.deepEqual(messages(withReceivers("prod", { tapioca: { slack } })), [
      'upkeep:alerting.receivers in Pulumi.prod.yaml is "tapioca", a team that owns none of the services; allowed: default, mplp-operations, task-mcp, tapio. Fix: pulumi config rm --path \'upkeep:alerting.receivers["tapioca"]\' --stack prod',
    ]);
  });

  it("are refused where AlertmanagerConfigs would be read by nobody", () => {
    const features = { ...staging.features, prometheusOperator: false };
    assert.deepEqual(messages({ ...prod, features }), []);
    assert.deepEqual(messages({ ...staging, features }), [
      'upkeep:alerting.owner in Pulumi.staging.yaml is "shared", in a cluster without prometheus-operator, which alone reads AlertmanagerConfigs; allowed: upkeep, or shared where upkeep:features.prometheusOperator is true. Fix: pulumi config set --path upkeep:alerting.owner upkeep --stack staging',
    ]);
  });

  it("are refused with a window that cannot be kept, or two of one name", () => {
    const [, taskMcp] = routed as [Service, Service];
    const [weekly] = taskMcp.windows as [Service["windows"][0]];
    const windows = [weekly, { ...weekly, timeZone: "Europe/Berlin" }];
    const [twice] = messages(staging, [{ ...taskMcp, windows }]);
    assert.match(twice ?? "", /twice; allowed: each name once\. Fix: rename or remove one$/);
    assert.deepEqual(
      routeFaults(staging, [{ ...taskMcp, windows }]).map(({ path, got }) => `${path} ${got}`),
      ['task-mcp.windows with "weekly" twice', 'task-mcp.windows[1].timeZone "Europe/Berlin"'],
    );
  });
});

describe("the time to page", () => {
  const rule = (severity: "critical" | "warning", wait: string) => ({ for: wait, labels: { severity } });

  it("is the scrape, the evaluation, what the rule waits and what Alertmanager waits", () => {
    assert.deepEqual(timeToPage(prod, rule("critical", "2m")), {
      total: 190,
      parts: { scrape: 30, evaluation: 30, for: 120, groupWait: 10 },
    });
    assert.equal(timeToPage(prod, rule("warning", "0s")).total, 90);
  });

  it("counts a part of an evaluation's interval as a whole one", () => {
    const slow = environmentOf("prod", { monitoring: { ...prod.monitoring, scrapeInterval: "1m" } });
    assert.deepEqual(timeToPage(slow, rule("critical", "90s")).parts, {
      scrape: 60,
      evaluation: 60,
      for: 120,
      groupWait: 10,
    });
  });
});
