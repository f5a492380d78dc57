import assert from "node:assert/strict";
import { type Receiver, receiver } from "../../../domain/environment/receivers.ts";
import { channelsIn, fallbackIn, operatorSince, pagersIn } from "../../../domain/routing/channels.ts";
import { channels } from "../../../domain/values/severity.ts";

const value = { secret: "alert-receivers", key: "value" };
const mail = { to: "a@example.com", from: "b@example.com", smarthost: "smtp.example.com:25" };
const slack = { ...value, channel: "#alerts" };
const of = (settings: object): Receiver => receiver.parse(settings);

describe("a receiver's channels", () => {
  const all = of({
    ...Object.fromEntries(channels.map((channel) => [channel, value])),
    ...{ email: mail, slack, telegram: { ...value, chat: 1 }, victorops: { ...value, routingKey: "operations" } },
    pushover: { user: value, token: value },
  });

  it("are all that it has, in the table's order", () => {
    assert.deepEqual(channelsIn(all), [...channels]);
    assert.deepEqual(channelsIn(of({ webhook: value, opsgenie: value })), ["opsgenie", "webhook"]);
  });

  it("page by default if their vendor pages", () =>
    assert.deepEqual(pagersIn(all), ["pagerduty", "opsgenie", "victorops", "pushover"]));

  it("page if the receiver says so, and do not if it says so", () => {
    assert.deepEqual(pagersIn(of({ webhook: { ...value, pager: true }, slack })), ["webhook"]);
    assert.deepEqual(pagersIn(of({ pagerduty: { ...value, pager: false } })), []);
    assert.deepEqual(pagersIn(of({ email: { ...mail, pager: true } })), ["email"]);
  });

  it("are known to prometheus-operator since a version each", () =>
    assert.deepEqual(Object.fromEntries(channels.map((channel) => [channel, operatorSince(channel)])), {
      pagerduty: "0.43.0",
      opsgenie: "0.43.0",
      victorops: "0.44.0",
      pushover: "0.44.0",
      slack: "0.44.0",
      teams: "0.82.0",
      discord: "0.67.0",
      telegram: "0.57.0",
      email: "0.44.0",
      webhook: "0.43.0",
      statusPage: "0.43.0",
    }));
});

describe("the fallback", () => {
  const fallbacks: [string, object, string | undefined][] = [
    ["the first channel that does not page", { pagerduty: value, email: mail, discord: value }, "discord"],
    ["the only channel", { webhook: value }, "webhook"],
    ["a pager if there is nothing else", { opsgenie: value }, "opsgenie"],
    ["never a status page", { statusPage: value }, undefined],
    ["a pager before a status page", { statusPage: value, pushover: { user: value, token: value } }, "pushover"],
    ["no channel that pages by a setting", { slack: { ...slack, pager: true }, email: mail }, "email"],
    ["nothing without a channel", {}, undefined],
  ];
  for (const [name, settings, expected] of fallbacks) {
    it(`is ${name}`, () => assert.equal(fallbackIn(of(settings)), expected));
  }
});
