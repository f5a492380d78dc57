import { serviceAlerts } from "../../domain/alerting/serviceAlerts.ts";
import { alert, assumed, unserved } from "../../domain/declaration/declaration.ts";
import { mplp } from "../../services/mplp.ts";
import { environmentOf } from "../support/environment.ts";
import { keeping, shop } from "../support/shop.ts";
import { kubeStateMetrics, series } from "./exporters.ts";
import { type Firing, fires, judge, type Series } from "./promtool.ts";

const description = "The Service shop-web exists, and no ready pod is behind it.";
const service = {
  ...keeping(shop, "orders"),
  workloads: [],
  indicators: {},
  objectives: {},
  alerts: [
    alert("ServiceWithoutEndpoints", {
      expr: unserved("shop-web"),
      for: assumed("2m"),
      severity: "critical",
      threshold: assumed("no ready endpoint"),
      summary: "No pod serves shop-web",
      description,
    }),
  ],
};

const judged = (given: Series, ...expected: Firing[]) =>
  judge([{ name: "alerts", rules: serviceAlerts(service, environmentOf("prod")) }], given, expected);
const withoutEndpoints = fires("ServiceWithoutEndpoints");

/** As kube-state-metrics 2.20 writes them. */
const slice = (name: string, samples: string) =>
  kubeStateMetrics("kube_endpointslice_info", { namespace: "shop", endpointslice: name, addresstype: "IPv4" }, samples);
const pod = (name: string, address: string, ready: string, samples: string) =>
  kubeStateMetrics(
    "kube_endpointslice_endpoints",
    {
      ...{ namespace: "shop", endpointslice: name, ready, serving: ready, hostname: "", terminating: "false", address },
      ...{ targetref_kind: "Pod", targetref_name: `web-${address}`, targetref_namespace: "shop" },
      ...{ endpoint_nodename: "node-1", endpoint_zone: "" },
    },
    samples,
  );

describe("IndicatorMissing, of the metrics that a service's own alerts read", () => {
  const scraped = {
    ...service,
    alerts: [
      {
        ...(service.alerts[0] as (typeof service.alerts)[0]),
        name: "QueueLong",
        expr: "max(shop_queue{$scope}) > 10 or up{$scope} == 0",
      },
    ],
  };
  const rules = serviceAlerts(scraped, environmentOf("prod"));
  const missing = (at: string, ...fires: Firing["fires"]): Firing => ({ at, alert: "IndicatorMissing", fires });

  it("fires after a day in which nothing exported one, and names the alerts that cannot fire", () =>
    judge([{ name: "alerts", rules }], series("shop_queue", { namespace: "store" }, "1x1600"), [
      missing("23h"),
      missing("24h30m", {
        adds: { namespace: "shop" },
        description: "There has been none for 1d: these alerts cannot fire: QueueLong.",
      }),
    ]));

  it("is silent while one is there, whatever its value", () =>
    judge([{ name: "alerts", rules }], series("shop_queue", { namespace: "shop" }, "0x1600"), [missing("25h")]));
});

describe("ServiceWithoutEndpoints", () => {
  it("is silent while one pod of several is ready", () =>
    judged(
      {
        ...slice("shop-web-x7k2p", "1x60"),
        ...pod("shop-web-x7k2p", "10.0.0.1", "false", "1x60"),
        ...pod("shop-web-x7k2p", "10.0.0.2", "true", "1x60"),
      },
      withoutEndpoints("30m"),
    ));

  it("fires once its time has passed since the last ready pod, whether the others are not ready or gone", () =>
    judged(
      {
        ...slice("shop-web-x7k2p", "1x60"),
        ...pod("shop-web-x7k2p", "10.0.0.1", "true", "1x10 stale"),
        ...pod("shop-web-x7k2p", "10.0.0.1", "false", "_x11 1x10 stale"),
      },
      withoutEndpoints("12m"),
      withoutEndpoints("13m", description),
      withoutEndpoints("40m", description),
    ));

  it("counts the pods of all its slices, and none of a Service whose name begins alike", () =>
    judged(
      {
        ...slice("shop-web-x7k2p", "1x60"),
        ...slice("shop-web-q9d4m", "1x60"),
        ...pod("shop-web-q9d4m", "10.0.0.1", "true", "1x20 stale"),
        ...slice("shop-web-admin-b2c3d", "1x60"),
        ...pod("shop-web-admin-b2c3d", "10.0.0.9", "true", "1x60"),
      },
      withoutEndpoints("20m"),
      withoutEndpoints("24m", description),
    ));

  it("is silent about a Service that does not exist, and while kube-state-metrics does not answer", async () => {
    await judged(slice("shop-web-admin-b2c3d", "1x60"), withoutEndpoints("30m"));
    await judged(
      { ...slice("shop-web-x7k2p", "1x20 stale"), ...pod("shop-web-x7k2p", "10.0.0.1", "true", "1x20 stale") },
      withoutEndpoints("40m"),
    );
  });
});

describe("ServiceDown", () => {
  const rules = serviceAlerts(mplp, environmentOf("prod")).filter(({ alert }) => alert === "ServiceDown");
  const job = "mplp-modules";
  const instance = "10.0.0.1:9090";
  const up = (samples: string) => series("up", { namespace: mplp.namespace, job, instance }, samples);
  const down = (adds: Record<string, string>, description: string): Firing => {
    return { at: "20m", alert: "ServiceDown", fires: [{ adds, description }] };
  };

  it("names the target that does not answer, and says so where Prometheus knows none", async () => {
    await judge([{ name: "alerts", rules }], up("1x5 0x30"), [
      down({ job, instance }, `Prometheus cannot scrape ${instance}.`),
    ]);
    await judge([{ name: "alerts", rules }], up("1x5 stale"), [
      down({ job }, `Prometheus cannot scrape any target of job ${job}: it knows none.`),
    ]);
  });
});
