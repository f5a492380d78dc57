import assert from "node:assert/strict";
import type { Service } from "../../../domain/declaration/service.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import { platform } from "../../../domain/routing/platform.ts";
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
import type { Channel } from "../../../domain/values/severity.ts";
import { environmentOf, settingsOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { catalog, routed, search, shop } from "./routed.ts";

const prod = environmentOf("prod");
const staging = environmentOf("staging");

function withReceivers(stack: string, receivers: Record<string, unknown>): Environment {
  const { alerting } = settingsOf(stack) as { alerting: { receivers: object } };
  return environmentOf(stack, { alerting: { ...alerting, receivers: { ...alerting.receivers, ...receivers } } });
}

const pager = { secret: "search-receivers", key: "pager" };
const slack = { secret: "search-receivers", key: "slack", channel: "#search" };
const mail = { to: "a@example.com", from: "b@example.com", smarthost: "smtp.example.com:25" };

const sameSubject = [
  ...["alertname", "service", "namespace", "environment"],
  ...["cronjob", "workload", "endpoint", "check", "indicator", "instance", "persistentvolumeclaim"],
  ...["datastore", "exporter", "name"],
];

describe("the routes", () => {
  const of = (environment: Environment, service: string): Route[] =>
    routing(environment, routed).routes.find(({ matchers }) => matchers[0]?.value === service)?.routes ?? [];
  const channelsOf = (environment: Environment, name: string) =>
    Object.keys(routing(environment, routed).destinations.find((one) => one.name === name)?.channels ?? { none: 0 });

  it("take each severity of a service to the channels that it declares", () => {
    assert.deepEqual(channelsOf(prod, "shop-critical"), ["pagerduty", "slack"]);
    assert.deepEqual(channelsOf(prod, "search-critical"), ["pagerduty"]);
    assert.deepEqual(channelsOf(prod, "shop-warning"), ["slack"]);
    assert.deepEqual(channelsOf(prod, "nowhere"), []);
    assert.deepEqual(channelsOf(prod, "fallback"), ["slack"]);
  });

  it("page no one in an environment that does not page: critical alerts go where warnings go", () => {
    assert.deepEqual(
      of(staging, "search").map(({ receiver }) => receiver),
      ["search-warning", "search-warning", "search-info"],
    );
    const { destinations } = routing(staging, routed);
    assert.ok(destinations.every(({ channels }) => channels.pagerduty === undefined));
    assert.ok(!destinations.some(({ name }) => name === "search-critical"));
  });

  it("are muted in the service's own windows, for warnings and infos alone", () => {
    for (const environment of [prod, staging]) {
      assert.deepEqual(
        of(environment, "search").map(({ muted }) => muted),
        [
          undefined,
          ["search-daily", "search-weekly", "search-monthly"],
          ["search-daily", "search-weekly", "search-monthly"],
        ],
      );
      assert.deepEqual(
        of(environment, "shop").map(({ muted }) => muted),
        [undefined, undefined, undefined],
      );
    }
  });

  it("lead to the owning team's receiver, and to the default one where the team has none", () => {
    const own = withReceivers("prod", { search: { pagerduty: pager, slack } });
    const secretOf = (name: string) =>
      routing(own, routed).destinations.find((one) => one.name === name)?.channels.pagerduty?.secret;
    assert.equal(secretOf("search-critical"), "search-receivers");
    assert.equal(secretOf("shop-critical"), "alert-receivers");
  });
});

describe("critical alerts where alerts page", () => {
  const reach = (critical: Channel[], settings: object) =>
    channelsFor(
      withReceivers("prod", { search: settings }),
      { ...search, notify: { ...search.notify, critical } },
      "critical",
    );
  const receiver = { opsgenie: pager, webhook: { ...pager, pager: true }, slack };

  it("go to the pagers that the service names", () => {
    assert.deepEqual(reach(["opsgenie", "slack"], receiver), ["opsgenie", "slack"]);
    assert.deepEqual(reach(["slack", "webhook"], receiver), ["slack", "webhook"]);
  });

  it("go to all pagers of the receiver where the service names none, or another vendor's", () => {
    assert.deepEqual(reach([], receiver), ["opsgenie", "webhook"]);
    assert.deepEqual(reach(["slack"], receiver), ["opsgenie", "webhook", "slack"]);
    assert.deepEqual(reach(["pagerduty", "slack"], receiver), ["opsgenie", "webhook", "slack"]);
    assert.deepEqual(reach(["pagerduty", "opsgenie"], receiver), ["opsgenie"]);
  });

  it("are routed so", () => {
    const environment = withReceivers("prod", { search: receiver });
    const service = { ...search, notify: { ...search.notify, critical: [] } };
    const { routes, destinations } = routing(environment, [service]);
    assert.equal(routes[1]?.routes?.[0]?.receiver, "search-critical");
    const named = destinations.find(({ name }) => name === "search-critical");
    assert.deepEqual(Object.keys(named?.channels ?? {}), ["opsgenie", "webhook"]);
  });

  it("are of the platform too, and its warnings go to the fallback", () => {
    const environment = withReceivers("prod", { default: { opsgenie: pager, discord: pager, email: { ...mail } } });
    assert.deepEqual(platform(environment).notify, {
      critical: ["opsgenie", "discord"],
      warning: ["discord"],
      info: [],
    });
  });
});

describe("how alerts find people", () => {
  const is = (label: string, value: string): Matcher => ({ label, operator: "=", value });

  it("is a route for each service, and in it one for each severity", () => {
    const severity = (name: string, receiver: string, wait: string, repeat: string) => ({
      matchers: [is("severity", name)],
      receiver,
      groupWait: wait,
      repeatInterval: repeat,
    });
    const { fallback, routes } = routing(prod, [shop, catalog]);
    assert.equal(fallback, "fallback");
    assert.deepEqual(routes, [
      { matchers: [is("severity", "none")], receiver: "nowhere" },
      {
        matchers: [is("service", "shop")],
        receiver: "fallback",
        routes: [
          severity("critical", "shop-critical", "10s", "4h"),
          severity("warning", "shop-warning", "30s", "12h"),
          severity("info", "nowhere", "30s", "12h"),
        ],
      },
      {
        matchers: [is("service", "catalog")],
        receiver: "fallback",
        routes: [
          severity("critical", "catalog-critical", "10s", "4h"),
          { ...severity("warning", "catalog-warning", "30s", "12h"), muted: ["catalog-weekly"] },
          { ...severity("info", "nowhere", "30s", "12h"), muted: ["catalog-weekly"] },
        ],
      },
    ]);
  });

  it("is the channels of each severity, the fallback's message to Slack, and nowhere", () => {
    const { pagerduty, slack: messages } = prod.alerting.receivers.default ?? {};
    assert.ok(pagerduty && messages);
    assert.deepEqual(routing(prod, [shop]).destinations, [
      { name: "fallback", channels: { slack: messages } },
      { name: "nowhere", channels: {} },
      { name: "shop-critical", channels: { pagerduty, slack: messages } },
      { name: "shop-warning", channels: { slack: messages } },
    ]);
  });

  it("has no channel where no team has a receiver", () => {
    const nobody = { ...prod, alerting: { ...prod.alerting, receivers: {} } };
    assert.deepEqual(
      routing(nobody, [shop]).destinations.map(({ channels }) => channels),
      [{}, {}, {}, {}],
    );
    assert.equal(receiverOf(nobody, shop), undefined);
  });

  it("is a mute time for each window of each service", () => {
    const [weekly] = catalog.windows;
    assert.deepEqual(routing(prod, [shop, catalog]).muteTimes, [{ name: "catalog-weekly", window: weekly }]);
  });

  it("is inhibited where an alert of higher severity says it already, always of the same service", () => {
    const quieter = { label: "severity", operator: "=~", value: "warning|info" };
    assert.deepEqual(routing(prod, []).inhibitions, [
      { source: [is("severity", "critical")], target: [quieter], equal: sameSubject },
      { source: [is("alertname", "MaintenanceWindow")], target: [quieter], equal: ["service", "environment"] },
      {
        source: [is("alertname", "EndpointDown"), is("severity", "critical")],
        target: [{ label: "alertname", operator: "=~", value: "ErrorRateHigh|LatencyHigh" }],
        equal: ["service", "environment"],
      },
      {
        source: [is("alertname", "EndpointDown")],
        target: [is("alertname", "EndpointFlapping")],
        equal: sameSubject.slice(1),
      },
    ]);
  });

  it("is grouped, and quicker for what pages", () => {
    assert.deepEqual([GROUP_BY, GROUP_INTERVAL], [["service", "alertname", "environment"], "5m"]);
    assert.deepEqual(["critical", "warning", "info"].map(groupWait), ["10s", "30s", "30s"]);
  });

  it("is by a severity's own channels, but for critical alerts where nothing pages", () => {
    const channelsIn = (environment: Environment) =>
      (["critical", "warning", "info"] as const).map((severity) => channelsFor(environment, search, severity));
    assert.deepEqual(channelsIn(prod), [["pagerduty"], ["slack"], ["slack"]]);
    assert.deepEqual(channelsIn(staging), [["slack"], ["slack"], ["slack"]]);
  });

  it("is nowhere for critical alerts where nothing pages and warnings go nowhere", () => {
    const silent = { ...shop, notify: { ...shop.notify, warning: [] } };
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

describe("routes that would notify no one", () => {
  const faults = (environment: Environment, services = routed) => refused(routeFaults(environment, services));
  const notifying = (notify: Partial<Service["notify"]>): Service[] => [
    { ...shop, notify: { ...shop.notify, ...notify } },
  ];
  const receiver = (name: string, stack: string) => `upkeep:alerting.receivers.${name} in Pulumi.${stack}.yaml`;

  for (const stack of ["prod", "staging", "sandbox"]) {
    it(`are not in ${stack}`, () => assert.deepEqual(faults(environmentOf(stack)), []));
  }

  it("are refused where a critical alert pages and its team has no pager", () => {
    const pagerless = withReceivers("prod", { search: { slack } });
    assert.deepEqual(faults(pagerless), [["critical-without-pager", receiver("search", "prod")]]);
    const demoted = withReceivers("prod", { search: { pagerduty: { ...pager, pager: false }, slack } });
    assert.deepEqual(faults(demoted), [["critical-without-pager", receiver("search", "prod")]]);
  });

  it("are not where a service's critical alerts name no pager, because they go to those of its receiver", () => {
    for (const critical of [[], ["slack"], ["slack", "email"], ["opsgenie"]] satisfies Channel[][]) {
      assert.deepEqual(faults(prod, notifying({ critical })), []);
    }
    assert.deepEqual(faults(staging, notifying({ critical: ["slack"] })), []);
  });

  it("are refused for a pager that warnings name too, whatever else pages", () => {
    const both = notifying({ critical: ["opsgenie"], warning: ["opsgenie"] });
    assert.deepEqual(faults(prod, both), [["missing-receiver", receiver("default.opsgenie", "prod")]]);
    const none = withReceivers("prod", { "shop-team": { slack } });
    assert.deepEqual(faults(none, both), [
      ["critical-without-pager", receiver("shop-team", "prod")],
      ["missing-receiver", receiver("shop-team.opsgenie", "prod")],
    ]);
  });

  it("are refused where critical alerts go where warnings go, which is nowhere", () => {
    assert.deepEqual(faults(staging, notifying({ warning: [] })), [["critical-to-nobody", "shop.notify.warning"]]);
    assert.deepEqual(faults(prod, notifying({ warning: [] })), []);
  });

  it("are refused for a channel that no receiver of the team has", () => {
    assert.deepEqual(faults(staging, notifying({ info: ["email"] })), [
      ["missing-receiver", receiver("default.email", "staging")],
    ]);
  });

  it("are refused for a critical channel beside the pager that is not there, which is no pager", () => {
    const own = withReceivers("prod", { "shop-team": { pagerduty: pager, slack } });
    const emailing = notifying({ critical: ["pagerduty", "email"] });
    assert.deepEqual(faults(own, emailing), [["missing-receiver", receiver("shop-team.email", "prod")]]);
  });

  it("are refused without any receiver", () => {
    const nobody = { ...prod, alerting: { ...prod.alerting, receivers: {} } };
    assert.deepEqual(faults(nobody, [shop]), [
      ["missing-fallback-receiver", receiver("default", "prod")],
      ["critical-without-pager", receiver("default", "prod")],
      ["missing-receiver", receiver("default.slack", "prod")],
    ]);
  });

  it("are refused without a fallback", () => {
    const none = withReceivers("prod", { default: { statusPage: pager }, search: { pagerduty: pager, slack } });
    assert.deepEqual(faults(none, [search]), [["missing-fallback-receiver", receiver("default", "prod")]]);
  });

  it("are refused for a team that owns no service, with those that own one", () => {
    const stray = withReceivers("prod", { searching: { slack } });
    assert.deepEqual(faults(stray), [["receiver-of-unknown-team", "upkeep:alerting.receivers in Pulumi.prod.yaml"]]);
    assert.equal(routeFaults(stray, routed)[0]?.allowed, "default, shop-team, catalog, search");
  });

  it("are refused where nothing would read AlertmanagerConfigs", () => {
    const features = { ...staging.features, prometheusOperator: false };
    assert.deepEqual(faults({ ...prod, features }), []);
    assert.deepEqual(faults({ ...staging, features }), [
      ["shared-owner-without-operator", "upkeep:alerting.owner in Pulumi.staging.yaml"],
    ]);
  });

  it("are refused for a channel that the declared prometheus-operator does not know, where it is to read it", () => {
    const old = (version: string, stack: string) => {
      const environment = withReceivers(stack, { search: { pagerduty: pager, slack, teams: pager } });
      return { ...environment, features: { ...environment.features, prometheusOperatorVersion: version } };
    };
    const teams = ["channel-unknown-to-operator", receiver("search.teams", "staging")] as const;
    assert.deepEqual(faults(old("0.81.0", "staging")), [teams]);
    assert.deepEqual(faults(old("0.9.0", "staging")).length, 4);
    assert.deepEqual(faults(old("0.82.0", "staging")), []);
    assert.deepEqual(faults(old("0.100.0", "staging")), []);
    assert.deepEqual(faults(old("0.81.0", "prod")), []);
  });

  it("are refused with a window that cannot be kept, or two of one name", () => {
    const [weekly] = catalog.windows as [Service["windows"][0]];
    const windows = [weekly, { ...weekly, timeZone: "Europe/Berlin" }];
    const [twice, zone, ...more] = faults(staging, [{ ...catalog, windows }]);
    assert.deepEqual(twice, ["duplicate-name", "catalog.windows"]);
    assert.equal(zone?.[1], "catalog.windows[1].timeZone");
    assert.deepEqual(more, []);
  });
});
