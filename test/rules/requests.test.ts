import { serviceAlerts } from "../../domain/alerting/serviceAlerts.ts";
import { assumed, endpoint, guide } from "../../domain/declaration/declaration.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { environmentOf } from "../support/environment.ts";
import { keeping, shop } from "../support/shop.ts";
import { series } from "./exporters.ts";
import { type Firing, fires, judge, type Series, type Value } from "./promtool.ts";

const database = keeping(shop, "orders");
const environment = environmentOf("prod");

/** Of the shop's facts only its requests and what is promised of them. */
const service: Service = {
  ...database,
  workloads: [],
  alerts: [],
  endpoints: [],
  objectives: {
    errorRate: { below: guide("1%"), for: assumed("10m") },
    latency: [{ percentile: 95, below: guide("1s"), for: assumed("10m"), severity: "warning" }],
    recoveryPoint: assumed("26h"),
    recoveryTime: assumed("4h"),
  },
};

const judged = (of: Service, given: Series, ...expected: (Firing | Value)[]) =>
  judge([{ name: "alerts", rules: serviceAlerts(of, environment) }], given, expected);

const pod = (name: string) => ({ namespace: "shop", pod: name, job: "shop-web", instance: `${name}:3000` });
const requests = (name: string, status: string, samples: string) =>
  series("shop_http_requests_total", { ...pod(name), status }, samples);

describe("ErrorRateHigh", () => {
  const high = fires("ErrorRateHigh");

  it("fires when more than its share of all pods' requests fails, after its time", () =>
    judged(
      service,
      { ...requests("a", "200", "0+980x60"), ...requests("b", "200", "0+980x60"), ...requests("b", "503", "0+40x60") },
      high("9m"),
      high("13m", "2% of the requests of the last minutes failed; 1% may."),
    ));

  it("is silent just below its share, although one pod is far above it", () =>
    judged(
      service,
      { ...requests("a", "200", "0+1990x60"), ...requests("b", "500", "0+10x60"), ...requests("b", "404", "0+100x60") },
      high("40m"),
    ));

  it("is silent without traffic, and about what failed in another namespace", () =>
    judged(
      service,
      {
        ...requests("a", "200", "100x60"),
        ...requests("a", "500", "100x60"),
        ...series("shop_http_requests_total", { ...pod("a"), namespace: "shop-staging", status: "500" }, "0+100x60"),
      },
      high("40m"),
    ));

  it("is silent where no request ever failed", () => judged(service, requests("a", "200", "0+100x60"), high("40m")));
});

describe("LatencyHigh", () => {
  const high = (at: string, ...descriptions: string[]): Firing => fires("LatencyHigh")(at, ...descriptions);
  const bucket = (name: string, le: string, samples: string) =>
    series("shop_http_request_duration_seconds_bucket", { ...pod(name), le }, samples);

  it("fires when the percentile over all pods is not below what is promised, after its time", () =>
    judged(
      service,
      {
        ...bucket("a", "1", "0+50x60"),
        ...bucket("a", "2", "0+100x60"),
        ...bucket("a", "+Inf", "0+100x60"),
        ...bucket("b", "1", "0+100x60"),
        ...bucket("b", "2", "0+100x60"),
        ...bucket("b", "+Inf", "0+100x60"),
      },
      high("9m"),
      high("13m", "The slowest 5% of the requests take 1.8s or more; less than 1s is promised."),
    ));

  it("fires when the histogram ends at the promise, beyond which it has no time", () =>
    judged(
      service,
      { ...bucket("a", "0.5", "0+50x60"), ...bucket("a", "1", "0+50x60"), ...bucket("a", "+Inf", "0+100x60") },
      high("13m", "The slowest 5% of the requests take 1s or more; less than 1s is promised."),
    ));

  it("is silent when nearly all requests are in time", () =>
    judged(
      service,
      { ...bucket("a", "0.5", "0+90x60"), ...bucket("a", "1", "0+96x60"), ...bucket("a", "+Inf", "0+100x60") },
      high("40m"),
    ));

  it("is silent without traffic", () =>
    judged(service, { ...bucket("a", "1", "5x60"), ...bucket("a", "+Inf", "100x60") }, high("40m")));
});

describe("IndicatorMissing", () => {
  const missing = (at: string, ...indicators: string[]): Firing => ({
    at,
    alert: "IndicatorMissing",
    fires: indicators.map((indicator) => ({
      labels: { indicator },
      description:
        "Prometheus has had no such series for 1d: whether the objectives are kept is not known, and none of their alerts can fire.",
    })),
  });

  it("fires for each indicator that has had no series for a day", () =>
    judged(
      service,
      series("shop_http_requests_total", { ...pod("a"), namespace: "shop-staging", status: "200" }, "0+1x1500"),
      missing("23h"),
      missing("24h1m", "requests", "duration"),
    ));

  it("is silent while the series are there, though nothing moves", () =>
    judged(
      service,
      {
        ...requests("a", "200", "0x1500"),
        ...series("shop_http_request_duration_seconds_bucket", { ...pod("a"), le: "+Inf" }, "0x1500"),
      },
      missing("24h30m"),
    ));

  it("fires for an availability whose probes never ran", () =>
    judged(
      {
        ...service,
        indicators: {},
        objectives: { availability: guide("99.9%"), recoveryPoint: assumed("26h"), recoveryTime: assumed("4h") },
        endpoints: [endpoint("api", ["https://a.example.com/"], { severity: "critical", for: assumed("2m") })],
      },
      series("probe_success", { job: "upkeep/shop/other", instance: "https://a.example.com/" }, "1x1500"),
      missing("24h1m", "requests"),
    ));
});
