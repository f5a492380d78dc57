import type { Service } from "../../../../domain/declaration/service.ts";
import { seconds } from "../../../../domain/values/duration.ts";
import { blackbox, cluster, counted, exported, kubelet, kubeStateMetrics, probed } from "../exporters.ts";
import type { Metric } from "../metric.ts";
import { thresholds } from "../mutants.ts";
import type { Proof, Subject } from "../proof.ts";
import { unmeasured } from "./workloads.ts";

function serviceOf({ rule, service }: Subject): Service {
  if (!service) throw new Error(`${rule.alert} is about no declared service`);
  return service;
}

/** Requests a second of a service, a share of which fails: more than any lower bound of failures needs. */
const BUSY = 5000;

/** The requests that a service counts, of several pods; those that fail have a series of their own. */
function requests({ namespace, indicators }: Service, share: number, perSecond = BUSY): Metric[] {
  const { total, failed } = indicators.requests ?? {};
  if (!total || failed !== 'status=~"5.."') throw new Error(`write the series of ${total} of which ${failed} fail`);
  const of = (status: string, rate: number) => counted(total, namespace, { status, method: "GET" }, rate);
  return [of("200", perSecond * (1 - share)), of("500", perSecond * share * 0.75), of("503", perSecond * share * 0.25)];
}

/**
 * The share as the mean of very many probes, as only their sums count.
 *
 * @param addresses how many are probed each minute
 */
function probes({ name, namespace, endpoints }: Service, share: number, addresses = 1): Metric[] {
  return Array.from({ length: addresses }, (_, index) =>
    blackbox(
      "probe_success",
      {
        job: `upkeep/${name}/${endpoints[index % endpoints.length]?.name}`,
        instance: `https://${index}.example.com`,
        namespace,
      },
      1 - share,
    ),
  );
}

/** Fewer failures than this do not count. */
const FAILURES = 10;

/** Enough that some fail in each minute. */
const MANY = 1000;

/** What an availability is measured by, at a share that fails. @param count whether the number of failures decides too */
function measured(service: Service, share: number, count: boolean): Metric[] {
  return service.indicators.requests ? requests(service, share) : probes(service, share, count ? MANY : 1);
}

/** Evaluations until a share is recorded and, if their number decides, as many have failed as count. */
function recordedAfter({ indicators }: Service, share: number, count: boolean): number {
  // The rate of a counter needs two samples.
  if (indicators.requests) return 1;
  if (!count) return 0;
  const RANGE = 5;
  for (let failures = 0, minute = 0; ; minute++) {
    failures += (share * MANY * Math.min(minute + 1, RANGE)) / RANGE;
    if (failures >= FAILURES) return minute;
  }
}

const objectiveProof = { others: probed, withoutSeries: false, exporterDown: false };

const record = ({ rule: { labels } }: Subject, name: string, value: Metric["value"]): Metric => ({
  name,
  labels: { service: labels.service as string, environment: labels.environment as string },
  value,
});

export function errorBudgetBurn(subject: Subject): Proof {
  const service = serviceOf(subject);
  const [most] = thresholds(subject.rule.expr) as [number];
  const { window: long = "", severity } = subject.rule.labels as Record<string, string>;
  const short = { "1h": "5m", "6h": "30m", "1d": "2h", "3d": "6h" }[long];
  const minutes = seconds(long) / 60;
  const many = severity === "critical";
  /** Constant shares of both windows, and as many failures in the long one. */
  // Cases begin at what is recorded, and hold at once.
  const burning = (ofLong: number, ofShort: number, failures = 1000) => [
    record(subject, `service:request_errors:ratio${long}`, ofLong * most),
    record(subject, `service:request_errors:ratio${short}`, ofShort * most),
    record(subject, "service:request_errors:rate5m", failures / (minutes * 60)),
  ];
  return {
    ...objectiveProof,
    after: recordedAfter(service, 1.1 * most, many),
    beyond: measured(service, 1.1 * most, many),
    within: measured(service, 0.9 * most, many),
    cases: {
      "it has only begun": { metrics: burning(0.9, 2), fires: false },
      "it has ended": { metrics: burning(2, 0.9), fires: false },
      ...(many && {
        "as many failures as count": {
          metrics: burning(1.1, 1.1, 1.1 * FAILURES),
          fires: true,
          after: minutes,
        },
        "fewer failures than count": {
          metrics: burning(1.1, 1.1, 0.9 * FAILURES),
          fires: false,
          after: minutes,
        },
      }),
    },
  };
}

/** The remaining share of the budget at which it is low. */
export function errorBudgetLow(subject: Subject): Proof {
  const service = serviceOf(subject);
  const [least] = thresholds(subject.rule.expr) as [number];
  const availability = Number.parseFloat(service.objectives.availability?.value ?? "");
  const budget = 1 - availability / 100;
  const remaining = (share: number) => measured(service, (1 - share) * budget, true);
  const left = (share: number, failures: number) => [
    record(subject, "service:error_budget_remaining:ratio30d", share),
    // All failures in the first minutes.
    record(subject, "service:request_errors:rate5m", (second) => (second < 600 ? failures / 600 : 0)),
  ];
  return {
    ...objectiveProof,
    after: recordedAfter(service, (1 - 0.9 * least) * budget, true),
    beyond: remaining(0.9 * least),
    within: remaining(1.1 * least),
    cases: {
      "as many failures as count": { metrics: left(0.9 * least, 1.1 * FAILURES), fires: true, after: 10 },
      "fewer failures than count": { metrics: left(0.9 * least, 0.9 * FAILURES), fires: false, after: 10 },
      "nothing is left": { metrics: left(-1, 1000), fires: true, after: 10 },
    },
  };
}

export function errorRateHigh(subject: Subject): Proof {
  const service = serviceOf(subject);
  const [most] = thresholds(subject.rule.expr) as [number];
  return {
    ...objectiveProof,
    after: 1,
    beyond: requests(service, 1.1 * most),
    within: requests(service, 0.9 * most),
    cases: {
      "no request comes": { metrics: requests(service, 0, 0), fires: false },
      "one request of a hundred seconds fails": { metrics: requests(service, 1, 0.01), fires: true },
      "no request has failed yet": { metrics: requests(service, 0).slice(0, 1), fires: false },
    },
  };
}

export function latencyHigh(subject: Subject): Proof {
  const service = serviceOf(subject);
  const [most] = thresholds(subject.rule.expr) as [number];
  const quantile = Number(subject.rule.labels.percentile) / 100;
  /** All requests in one bucket, through which a quantile is interpolated. */
  const below = (bound: number, beyondAll = 0) =>
    [bound, Number.POSITIVE_INFINITY].map((le) =>
      counted(
        `${service.indicators.duration}_bucket`,
        service.namespace,
        { le: le === Number.POSITIVE_INFINITY ? "+Inf" : String(le) },
        le === bound ? BUSY - beyondAll : BUSY,
      ),
    );
  return {
    ...objectiveProof,
    after: 1,
    beyond: below((1.1 * most) / quantile),
    within: below((0.9 * most) / quantile),
    cases: {
      "the last bound of the histogram is the threshold, and requests take longer": {
        metrics: below(most, BUSY / 2),
        fires: true,
      },
    },
  };
}

export function indicatorMissing(subject: Subject): Proof {
  if (subject.rule.labels.workload) return unmeasured(subject);
  const {
    namespace = "",
    indicator = "",
    persistentvolumeclaim,
    secret,
  } = subject.rule.labels as Record<string, string>;
  const claim = (name: string): Metric => kubelet(indicator, { namespace, persistentvolumeclaim: name }, 0);
  const service = serviceOf(subject);
  const present: Record<string, Metric[]> = {
    requests: service.indicators.requests ? requests(service, 0) : probes(service, 0).slice(0, 1),
    ...(secret && { [indicator]: [kubeStateMetrics(indicator, { namespace, secret }, 0)] }),
    ...(persistentvolumeclaim && { [indicator]: [claim(persistentvolumeclaim)] }),
    duration: [exported(`${service.indicators.duration}_bucket`, namespace, { le: "+Inf" }, 0)],
  };
  return {
    // It waits for a day.
    step: 1800,
    beyond: [
      exported(`${indicator}_other`, namespace, {}, 1),
      exported(indicator, "another", {}, 1),
      ...(persistentvolumeclaim ? [claim("another")] : []),
    ],
    within: present[indicator] ?? [exported(indicator, namespace, {}, 0)],
    // Whether a Secret exists is kube-state-metrics' to say.
    others: secret ? cluster : probed,
    withoutSeries: true,
    exporterDown: !secret,
  };
}
