import assert from "node:assert/strict";
import type { Service } from "../../../domain/declaration/service.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import { routeFaults } from "../../../domain/routing/routeFaults.ts";
import {
  channelsFor,
  GROUP_BY,
  GROUP_INTERVAL,
  groupWait,
  type Matcher,
  type Route,
  receiverOf,
  routing,
} from "../../../domain/routing/routes.ts";
import { timeToPage } from "../../../domain/routing/timeToPage.ts";
import { faultMessage } from "../../../domain/values/fault.ts";
import type { Channel } from "../../../domain/values/severity.ts";
import { mplp } from "../../../services/mplp.ts";
import { environmentOf, settingsOf } from "../../support/environment.ts";
import { routed } from "../../support/routed.ts";

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

describe("how alerts find people", () => {
  const [, taskMcp, tapio] = routed as [Service, Service, Service];
  const is = (label: string, value: string): Matcher => ({ label, operator: "=", value });

  it("is a route for each service, and in it one for each severity", () => {
    const severity = (name: string, receiver: string, wait: string, repeat: string) => ({
      matchers: [is("severity", name)],
      receiver,
      groupWait: wait,
      repeatInterval: repeat,
    });
    const { fallback, routes } = routing(prod, [mplp, taskMcp]);
    assert.equal(fallback, "fallback");
    assert.deepEqual(routes, [
      { matchers: [is("severity", "none")], receiver: "nowhere" },
      {
        matchers: [is("service", "mplp")],
        receiver: "fallback",
        routes: [
          severity("critical", "mplp-critical", "10s", "4h"),
          severity("warning", "mplp-warning", "30s", "12h"),
          severity("info", "nowhere", "30s", "12h"),
        ],
      },
      {
        matchers: [is("service", "task-mcp")],
        receiver: "fallback",
        routes: [
          severity("critical", "task-mcp-critical", "10s", "4h"),
          { ...severity("warning", "task-mcp-warning", "30s", "12h"), muted: ["task-mcp-weekly"] },
          { ...severity("info", "nowhere", "30s", "12h"), muted: ["task-mcp-weekly"] },
        ],
      },
    ]);
  });

  it("is the channels of each severity, the fallback's message to Slack, and nowhere", () => {
    const { pagerduty, slack: messages } = prod.alerting.receivers.default ?? {};
    assert.ok(pagerduty && messages);
    assert.deepEqual(routing(prod, [mplp]).destinations, [
      { name: "fallback", channels: { slack: messages } },
      { name: "nowhere", channels: {} },
      { name: "mplp-critical", channels: { pagerduty, slack: messages } },
      { name: "mplp-warning", channels: { slack: messages } },
    ]);
  });

  it("is nobody where no team has a receiver", () => {
    const nobody = { ...prod, alerting: { ...prod.alerting, receivers: {} } };
    assert.deepEqual(
      routing(nobody, [mplp]).destinations.map(({ channels }) => channels),
      [{}, {}, {}, {}],
    );
    assert.equal(receiverOf(nobody, mplp), undefined);
  });

  it("is a mute time for each window of each service", () => {
    const [weekly] = taskMcp.windows;
    assert.deepEqual(routing(prod, [mplp, taskMcp]).muteTimes, [{ name: "task-mcp-weekly", window: weekly }]);
  });

  it("is held back where a louder alert says it already, always of the same service", () => {
    const quieter = { label: "severity", operator: "=~", value: "warning|info" };
    assert.deepEqual(routing(prod, []).inhibitions, [
      { source: [is("severity", "critical")], target: [quieter], equal: ["alertname", "service", "namespace"] },
      { source: [is("alertname", "MaintenanceWindow")], target: [quieter], equal: ["service"] },
      {
        source: [is("alertname", "EndpointDown"), is("severity", "critical")],
        target: [{ label: "alertname", operator: "=~", value: "ErrorRateHigh|LatencyHigh" }],
        equal: ["service"],
      },
    ]);
  });

  it("is grouped, and quicker for what wakes somebody", () => {
    assert.deepEqual([GROUP_BY, GROUP_INTERVAL], [["service", "alertname", "environment"], "5m"]);
    assert.deepEqual(["critical", "warning", "info"].map(groupWait), ["10s", "30s", "30s"]);
  });

  it("is by a severity's own channels, but for critical alerts where nobody is woken", () => {
    const channelsIn = (environment: Environment) =>
      (["critical", "warning", "info"] as const).map((severity) => channelsFor(environment, tapio, severity));
    assert.deepEqual(channelsIn(prod), [["pagerduty"], ["slack"], ["slack"]]);
    assert.deepEqual(channelsIn(staging), [["slack"], ["slack"], ["slack"]]);
  });

  it("is nowhere for critical alerts where nobody is woken and warnings go nowhere", () => {
    const silent = { ...mplp, notify: { ...mplp.notify, warning: [] } };
    const { routes, destinations } = routing(staging, [silent]);
    assert.deepEqual(
      routes[1]?.routes?.map(({ receiver }) => receiver),
      ["nowhere", "nowhere", "nowhere"],
    );
    assert.deepEqual(
      destinations.map(({ name }) => name),
      ["fallback", "nowhere"],
    );
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
