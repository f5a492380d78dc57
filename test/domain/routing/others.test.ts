import assert from "node:assert/strict";
import type { Environment, Others } from "../../../domain/environment/environment.ts";
import { alertmanagerConfiguration } from "../../../domain/routing/alertmanager.ts";
import { routeFaults } from "../../../domain/routing/routeFaults.ts";
import { environmentOf, settingsOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { catalog, shop } from "./routed.ts";

const others: Others = {
  route: {
    receiver: "platform",
    group_by: ["namespace"],
    routes: [{ receiver: "nights", mute_time_intervals: ["day"] }],
  },
  receivers: [{ name: "platform", webhook_configs: [{ url: "http://bot.monitoring.svc" }] }, { name: "nights" }],
  inhibit_rules: [
    { source_matchers: ["severity = critical"], target_matchers: ["severity = warning"], equal: ["namespace"] },
    { source_matchers: ["alertname = InfoInhibitor"] },
  ],
  time_intervals: [{ name: "day", time_intervals: [{ times: [{ start_time: "06:00", end_time: "18:00" }] }] }],
};

function environmentWith(kept: Partial<Others>, stack = "prod"): Environment {
  const { alerting } = settingsOf(stack) as { alerting: object };
  return environmentOf(stack, { alerting: { ...alerting, others: { ...others, ...kept } } });
}

const services = [shop, catalog];
const is = 'service=~"shop|catalog|upkeep"';
const isNot = 'service!~"shop|catalog|upkeep"';

describe("routes of others in our own Alertmanager", () => {
  const configuration = alertmanagerConfiguration(environmentWith({}), services);
  const without = alertmanagerConfiguration(environmentOf("prod"), services);

  it("come last, repeat as Alertmanager does by default, and are else as they are declared", () => {
    const routes = configuration.route.routes ?? [];
    assert.deepEqual(routes.at(-1), { repeat_interval: "4h", ...others.route });
    assert.equal(routes.length, (without.route.routes?.length ?? 0) + 1);
    const own = alertmanagerConfiguration(
      environmentWith({ route: { receiver: "platform", repeat_interval: "1d" } }),
      services,
    );
    assert.deepEqual(own.route.routes?.at(-1), { repeat_interval: "1d", receiver: "platform" });
  });

  it("get the Watchdog after the dead man's switch, and alerts of severity none that are not ours", () => {
    const [watchdog, none] = configuration.route.routes ?? [];
    assert.equal(watchdog?.continue, true);
    assert.deepEqual(none?.matchers, ['severity="none"', is]);
    assert.equal("continue" in (without.route.routes?.[0] ?? {}), false);
    assert.deepEqual(without.route.routes?.[1]?.matchers, ['severity="none"']);
  });

  it("keep their receivers and time intervals beside ours", () => {
    assert.deepEqual(configuration.receivers, [...without.receivers, ...others.receivers]);
    assert.deepEqual(configuration.time_intervals, [...without.time_intervals, ...(others.time_intervals ?? [])]);
    const few: Others = { route: { receiver: "nights" }, receivers: [{ name: "nights" }] };
    const { alerting } = settingsOf("prod") as { alerting: object };
    const { inhibit_rules: rules, time_intervals: intervals } = alertmanagerConfiguration(
      environmentOf("prod", { alerting: { ...alerting, others: few } }),
      services,
    );
    assert.deepEqual([rules.length, intervals], [without.inhibit_rules.length, without.time_intervals]);
  });

  it("inhibit none of our alerts, nor ours theirs", () => {
    const [first, second] = configuration.inhibit_rules.slice(-2);
    assert.deepEqual(first, {
      source_matchers: ["severity = critical"],
      target_matchers: ["severity = warning", isNot],
      equal: ["namespace"],
    });
    assert.deepEqual(second, { source_matchers: ["alertname = InfoInhibitor"], target_matchers: [isNot] });
    for (const rule of configuration.inhibit_rules.slice(0, -2)) {
      assert.equal(rule.source_matchers?.at(-1), is);
      assert.equal(rule.target_matchers?.at(-1), is);
    }
  });
});

describe("routes of others are refused", () => {
  const faults = (kept: Partial<Others>, stack?: string) =>
    refused(
      routeFaults(
        environmentWith(kept, stack),
        services.map((one) => ({ ...one, windows: catalog.windows })),
      ),
    );
  const at = (key: string, stack = "prod") => `upkeep:alerting.others${key} in Pulumi.${stack}.yaml`;

  it("not if they are whole", () => assert.deepEqual(faults({}), []));

  it("beside a shared Alertmanager, which keeps its own", () =>
    assert.deepEqual(faults({}, "staging"), [["others-of-shared-alertmanager", at("", "staging")]]));

  it("for a receiver that is not theirs, at any depth", () => {
    const route = { receiver: "fallback", routes: [{ routes: [{ receiver: "nobody" }] }, { receiver: "platform" }] };
    assert.deepEqual(faults({ route }), [
      ["others-receiver-unknown", at(".route.receiver")],
      ["others-receiver-unknown", at(".route.routes[0].routes[0].receiver")],
    ]);
  });

  it("for a key that no route has", () => {
    const route = { receiver: "platform", routes: [{ matcher: ["a = b"] }], group_wate: "30s" };
    assert.deepEqual(faults({ route }), [
      ["others-route-unknown-key", at(".route.group_wate")],
      ["others-route-unknown-key", at(".route.routes[0].matcher")],
    ]);
  });

  it("for a time interval that is not theirs", () => {
    const route = {
      receiver: "platform",
      mute_time_intervals: ["day", "night"],
      active_time_intervals: ["shop-weekly"],
    };
    assert.deepEqual(faults({ route }), [
      ["others-time-interval-unknown", at(".route.mute_time_intervals")],
      ["others-time-interval-unknown", at(".route.active_time_intervals")],
    ]);
    assert.deepEqual(faults({ time_intervals: [] }), [
      ["others-time-interval-unknown", at(".route.routes[0].mute_time_intervals")],
    ]);
  });

  it("for a name that is ours, or theirs twice", () => {
    const route = { receiver: "platform" };
    const receivers = [...others.receivers, { name: "shop-critical" }, { name: "nights" }];
    assert.deepEqual(faults({ receivers, route, time_intervals: [{ name: "shop-weekly" }, { name: "shop-weekly" }] }), [
      ["duplicate-name", at(".receivers")],
      ["others-name-taken", at(".receivers")],
      ["duplicate-name", at(".time_intervals")],
      ["others-name-taken", at(".time_intervals")],
      ["others-name-taken", at(".time_intervals")],
    ]);
  });

  const secrets: Record<string, object> = {
    "a routing key": { pagerduty_configs: [{ routing_key: "0123456789abcdef0123456789abcdef" }] },
    "a Slack webhook": { slack_configs: [{ api_url: "https://hooks.slack.com/services/T0/B0/0123456789" }] },
    "a webhook's address": { msteamsv2_configs: [{ webhook_url: "https://teams.example.com/workflows/1" }] },
    "a user in an address": { webhook_configs: [{ url: "https://user:word@example.com/" }] },
    "a password": { email_configs: [{ auth_password: "correct horse" }] },
  };
  for (const [name, configs] of Object.entries(secrets)) {
    it(`with ${name} in clear text`, () => {
      const receivers = [...others.receivers, { name: "secret", ...configs }];
      assert.deepEqual(faults({ receivers }), [["others-inline-credential", at(".receivers[2]")]]);
    });
  }

  it("not with the same from files", () => {
    const file = "/etc/alertmanager/secrets/alert-receivers/key";
    const fromFiles = {
      pagerduty_configs: [{ routing_key_file: file }],
      slack_configs: [{ api_url_file: file }],
      msteamsv2_configs: [{ webhook_url_file: file }],
      email_configs: [{ auth_password_file: file }],
    };
    assert.deepEqual(faults({ receivers: [...others.receivers, { name: "files", ...fromFiles }] }), []);
  });
});
