import type { Service } from "../declaration/service.ts";
import { seconds } from "../values/duration.ts";
import { selectorOf, selectorParts } from "../values/promql.ts";
import { probeJob } from "./probes.ts";

/** The range of rates: at least four scrapes, so that one lost scrape leaves no gap. */
const RATE = "5m";

/** Replaces `$scope` with the matcher of the service's namespace. */
export function scoped(expr: string, { namespace }: Pick<Service, "namespace">): string {
  return expr.replaceAll("$scope", `namespace="${namespace}"`);
}

/** PromQL of a service's requests a second, all and failed ones, each as one series without labels. */
export interface Requests {
  /** 0 without traffic; no series if the metric is missing. */
  total: string;
  /** Has a series whenever `total` has: a counter of failures that never increased counts as 0. */
  failed: string;
  /** PromQL that gives a series if the metric is missing. */
  missing: string;
}

/** The requests that `indicators.requests` counts. */
export function countedRequests(service: Pick<Service, "namespace" | "indicators">): Requests | undefined {
  const { requests } = service.indicators;
  if (!requests) return undefined;
  const all = selector(service, requests.total);
  const total = `sum(rate(${all}[${RATE}]))`;
  const failed = `sum(rate(${selector(service, requests.total, { matcher: requests.failed })}[${RATE}]))`;
  return { total, failed: `${failed} or ${total} * 0`, missing: `absent(${all})` };
}

/** The probes of the service's endpoints: each counts as a request. */
export function probedRequests({ name, endpoints }: Pick<Service, "name" | "endpoints">): Requests | undefined {
  if (endpoints.length === 0) return undefined;
  const jobs = endpoints.map((endpoint) => endpoint.name).join("|");
  const probes = `probe_success{job=~"${probeJob(name, `(${jobs})`)}"}`;
  const total = `sum(count_over_time(${probes}[${RATE}]))`;
  return {
    total: `${total} / ${seconds(RATE)}`,
    failed: `(${total} - sum(sum_over_time(${probes}[${RATE}]))) / ${seconds(RATE)}`,
    missing: `absent(${probes})`,
  };
}

/** PromQL of the time, in seconds, within which a share of the requests is answered. @param percentile such as 95 */
export function answeredWithin(service: Measured, duration: string, percentile: number): string {
  const rates = `rate(${histogram(service, duration)}[${RATE}])`;
  const sum = isNative(service) ? `sum(${rates})` : `sum by (le) (${rates})`;
  return `histogram_quantile(${Number(`${percentile}e-2`)}, ${sum})`;
}

/** PromQL that gives a series if no request durations are recorded. */
export function durationMissing(service: Measured, duration: string): string {
  return `absent(${histogram(service, duration)})`;
}

type Measured = Pick<Service, "namespace" | "indicators">;

/** Whether the histogram is one series each, without buckets by `le`. Source: prometheus.io/docs/specs/native_histograms. */
function isNative({ indicators }: Measured): boolean {
  return indicators.histogram === "native";
}

function histogram(service: Measured, duration: string): string {
  return selector(service, duration, isNative(service) ? {} : { suffix: "_bucket" });
}

/** Selects an indicator's series in the service's namespace. */
function selector(
  service: Pick<Service, "namespace">,
  indicator: string,
  add: { suffix?: string; matcher?: string } = {},
): string {
  const { metric, matchers } = selectorParts(indicator) ?? { metric: indicator, matchers: [] };
  const own = matchers.length > 0 ? matchers : ["$scope"];
  return scoped(selectorOf(metric + (add.suffix ?? ""), ...own, ...(add.matcher ? [add.matcher] : [])), service);
}
