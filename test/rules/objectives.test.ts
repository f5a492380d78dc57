import assert from "node:assert/strict";
import { objectiveRules } from "../../domain/alerting/objectives.ts";
import { assumed, endpoint, guide } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Percent } from "../../domain/values/percent.ts";
import { environmentOf } from "../support/environment.ts";
import { keeping, shop } from "../support/shop.ts";
import { blackbox, series } from "./exporters.ts";
import { type Firing, judge, type Series, type Value } from "./promtool.ts";

const database = keeping(shop, "orders");
const environment = environmentOf("prod");

/** The shop, with its requests counted and this availability promised of them. */
function promised(availability: Percent): Service {
  return { ...database, objectives: { ...database.objectives, availability: guide(availability) } };
}

const judged = (service: Service, given: Series, ...expected: (Firing | Value)[]) =>
  judge(objectiveRules(service, environment), given, expected);

const of = (status: string, samples: string) =>
  series("shop_http_requests_total", { namespace: "shop", pod: "a", job: "shop-web", status }, samples);

const ratio30d = 'service:request_errors:ratio30d{service="shop",environment="prod"}';
const remaining = 'service:error_budget_remaining:ratio30d{service="shop",environment="prod"}';

/** The windows whose alerts fire. */
const burning = (at: string, ...fires: Firing["fires"]): Firing => ({ at, alert: "ErrorBudgetBurn", fires });
const low = (at: string, ...fires: Firing["fires"]): Firing => ({ at, alert: "ErrorBudgetLow", fires });

const window = (long: string, failed: string, lasts: string, availability = "99.9%") => ({
  labels: { window: long },
  description: `${failed} of the requests of the last ${long} failed. The 30d budget of ${availability} availability lasts less than ${lasts} at that rate.`,
});
const left = (severity: string, share: string) => ({
  labels: { severity },
  description: `The 30d error budget of 99.9% availability stands at ${share}; below 0 the objective is missed.`,
});

describe("an error budget", () => {
  it("weighs by requests: a bad hour of a quiet night costs little", () =>
    // 23 hours of 600 requests a minute, one of 6 of which half fail, one of 600: 180 of 864360 failed. Were each minute
    // worth the same, that would be 2 %, and the budget gone twenty times.
    judged(
      promised("99.9%"),
      { ...of("200", "0+600x1379 827403+3x59 828180+600x60"), ...of("500", "0x1379 3+3x59 180x61") },
      { at: "24h55m", expr: `round(${ratio30d}, 0.00001)`, value: 0.00021 },
      { at: "24h55m", expr: `round(${remaining}, 0.01)`, value: 0.79 },
      low("24h55m"),
    ));

  it("is not spoilt by half an hour without traffic", () =>
    judged(
      promised("99.9%"),
      { ...of("200", "0+100x60 6000x30 6000+100x60"), ...of("500", "0x60 0x30 0x60") },
      { at: "1h25m", expr: 'service:request_errors:ratio5m{service="shop"}', value: undefined },
      { at: "1h25m", expr: 'service:request_errors:ratio1h{service="shop"}', value: 0 },
      { at: "2h30m", expr: ratio30d, value: 0 },
      { at: "2h30m", expr: remaining, value: 1 },
      burning("1h25m"),
      burning("2h30m"),
      low("2h30m"),
    ));

  it("is full where no request ever failed", () =>
    judged(
      promised("99.9%"),
      of("200", "0+100x120"),
      { at: "2h", expr: ratio30d, value: 0 },
      { at: "2h", expr: remaining, value: 1 },
    ));

  it("is unknown, and silent, where nothing is ever asked", () =>
    judged(
      promised("99.9%"),
      { ...of("200", "500x300"), ...of("500", "500x300") },
      { at: "5h", expr: ratio30d, value: undefined },
      { at: "5h", expr: remaining, value: undefined },
      burning("5h"),
      low("5h"),
    ));

  it("warns when less than a quarter is left, and never pages for the past, however much is spent", () =>
    // 0.08 % fail, then 0.2 %; rates follow with some minutes' delay.
    judged(
      promised("99.9%"),
      { ...of("200", "0+9992x120 1199040+9980x240"), ...of("500", "0+8x120 960+20x240") },
      low("10m"),
      low("1h50m", left("warning", "20%")),
      low("6h", left("warning", "-59.83%")),
    ));

  it("is silent with a little more than a quarter left", () =>
    judged(promised("99.9%"), { ...of("200", "0+9993x180"), ...of("500", "0+7x180") }, low("3h")));

  it("notifies no one of a budget spent by fewer than ten failed requests", () =>
    judged(
      promised("99.9%"),
      { ...of("200", "0+1x180"), ...of("500", "0x60 0+1x9 9x120") },
      burning("1h12m"),
      burning("3h", window("1d", "4.558%", "10d")),
      low("2h"),
    ));
});

describe("ErrorBudgetBurn", () => {
  it("pages within minutes when the budget would be gone in two days, and not just below that rate", async () => {
    // 1.5 % of the requests fail, then 1.4 %.
    await judged(
      promised("99.9%"),
      { ...of("200", "0+985x90"), ...of("500", "0+15x90") },
      burning("2m"),
      burning("10m", window("1h", "1.5%", "2d 2h")),
    );
    await judged(promised("99.9%"), { ...of("200", "0+986x90"), ...of("500", "0+14x90") }, burning("10m"));
  });

  it("resolves as soon as its short window is clean, though the long one is still bad", () =>
    judged(
      promised("99.9%"),
      { ...of("200", "0+900x14 12600+1000x60"), ...of("500", "0+100x14 1400x60") },
      burning("12m", window("1h", "10%", "2d 2h")),
      burning("26m", window("6h", "5.87%", "5d")),
      { at: "52m", expr: 'round(service:request_errors:ratio1h{service="shop"}, 0.01)', value: 0.03 },
      burning("52m"),
    ));

  it("pages at six times the rate after a quarter of an hour, tickets at three and one times after hours", async () => {
    const failing = (perThousand: number): Series => ({
      ...of("200", `0+${1000 - perThousand}x400`),
      ...of("500", `0+${perThousand}x400`),
    });
    await judged(
      promised("99.9%"),
      failing(7),
      burning("14m"),
      burning("20m", window("6h", "0.7%", "5d")),
      burning("50m", window("6h", "0.7%", "5d")),
      burning("1h5m", window("6h", "0.7%", "5d"), window("1d", "0.7%", "10d")),
    );
    await judged(
      promised("99.9%"),
      failing(4),
      burning("1h5m", window("1d", "0.4%", "10d")),
      burning("3h5m", window("1d", "0.4%", "10d"), window("3d", "0.4%", "30d")),
    );
    await judged(promised("99.9%"), failing(2), burning("2h"), burning("3h5m", window("3d", "0.2%", "30d")));
  });

  it("takes its rates from the availability that is promised", async () => {
    // 16 % and 13 %, where 14.4 times a budget of 1 % is 14.4 %.
    await judged(
      promised("99%"),
      { ...of("200", "0+84x90"), ...of("500", "0+16x90") },
      burning("10m", window("1h", "16%", "2d 2h", "99%")),
    );
    await judged(promised("99%"), { ...of("200", "0+87x90"), ...of("500", "0+13x90") }, burning("10m"));
  });

  it("leaves out what fails in another namespace", () =>
    judged(
      promised("99.9%"),
      {
        ...of("200", "0+100x90"),
        ...series("shop_http_requests_total", { namespace: "shop-staging", status: "500" }, "0+100x90"),
      },
      burning("1h"),
    ));
});

describe("an error budget of probes", () => {
  const probed: Service = {
    ...promised("99.9%"),
    indicators: {},
    endpoints: [
      endpoint("api", ["https://api.example.com/health"], { severity: "critical", for: assumed("2m") }),
      endpoint("modules", ["https://api.example.com/plan"], { severity: "warning", for: assumed("5m") }),
    ],
  };
  const api = (samples: string) =>
    blackbox("probe_success", { job: "upkeep/shop/api", instance: "https://api.example.com/health" }, samples);
  const modules = (samples: string) =>
    blackbox("probe_success", { job: "upkeep/shop/modules", instance: "https://api.example.com/plan" }, samples);

  it("counts each probe of each endpoint as a request", () =>
    judged(
      probed,
      { ...api("1x59 0x5 1x120"), ...modules("1x185") },
      { at: "3h", expr: 'service:requests:rate5m{service="shop"} * 60', value: 2 },
      // 6 of 362 probes.
      { at: "3h", expr: `round(${ratio30d}, 0.001)`, value: 0.017 },
    ));

  it("leaves out the probes of a service whose name begins alike", () =>
    judged(
      probed,
      {
        ...api("1x90"),
        ...blackbox("probe_success", { job: "upkeep/shop-next/api", instance: "https://next.example.com" }, "0x90"),
      },
      { at: "1h", expr: ratio30d, value: 0 },
      burning("1h"),
    ));

  it("pages when an endpoint fails, and not for one probe that was lost", async () => {
    await judged(
      probed,
      { ...api("1x60 0x30"), ...modules("1x90") },
      burning("1h28m", window("1h", "21.67%", "2d 2h"), window("6h", "14.94%", "5d")),
    );
    await judged(probed, { ...api("1x60 0 1x30"), ...modules("1x90") }, burning("1h4m"), burning("1h20m"));
  });
});

it("a service's budget needs no more than sixteen rules", () => {
  const rules = objectiveRules(promised("99.9%"), environment).flatMap((group) => group.rules);
  assert.equal(rules.length, 16);
});
