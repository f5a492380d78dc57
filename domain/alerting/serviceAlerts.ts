import { continuousAlerts, continuousDrillAlerts } from "../backup/continuousAlerts.ts";
import type { Service } from "../declaration/service.ts";
import type { RuleEnvironment, RuleGroup } from "../prometheus/rules.ts";
import { type AlertFacts, type AlertRule, alertRule } from "../prometheus/rules.ts";
import { latencySeconds } from "../values/duration.ts";
import { fraction } from "../values/percent.ts";
import { metricsOf, selectorOf } from "../values/promql.ts";
import { type FeatureEnvironment, featureAlerts } from "./features.ts";
import { indicatorMissing, MISSING_FOR } from "./indicatorMissing.ts";
import { answeredWithin, countedRequests, durationMissing, scoped } from "./indicators.ts";
import type { MeasuredService } from "./objectives.ts";
import { objectiveRequests } from "./objectives.ts";
import { secretAlerts } from "./secretAlerts.ts";
import { volumeAlerts } from "./volumeAlerts.ts";
import { workloadAlerts } from "./workloadAlerts.ts";

/** The settings that a service's alerts depend on. */
export type AlertEnvironment = RuleEnvironment & FeatureEnvironment;

/** The part of a service that its alerts need. */
export type AlertedService = MeasuredService & Pick<Service, "workloads" | "datastores" | "alerts" | "secrets">;

/**
 * The alerts derived from a service's declaration, and its own. objectiveRules has those of its error budget, jobAlerts those of
 * its jobs.
 *
 * @param service as it is in the environment; without faults of objectiveFaults and alertFaults
 */
export function serviceAlerts(service: AlertedService, environment: AlertEnvironment): AlertRule[] {
  const subject = { service: service.name, namespace: service.namespace };
  return [
    ...service.workloads.flatMap((workload) => workloadAlerts(service, workload)),
    ...errorRateAlerts(service),
    ...latencyAlerts(service),
    ...missingIndicatorAlerts(service),
    ...missingMetricAlerts(service),
    ...namespaceAlerts(service, environment),
    ...secretAlerts(service),
    ...ownAlerts(service),
    ...continuousAlerts(service),
  ]
    .map((facts) => alertRule(subject, environment, facts))
    .concat(continuousDrillAlerts(service, environment));
}

/** Them as Prometheus loads them. @returns no group for a service without alerts */
export function serviceAlertGroups(service: AlertedService, environment: AlertEnvironment): RuleGroup[] {
  const rules = serviceAlerts(service, environment);
  return rules.length === 0 ? [] : [{ name: `${service.name}-alerts`, rules }];
}

/** Alerts on everything in the namespace, declared or not. Of a service that runs elsewhere there is nothing. */
function namespaceAlerts(service: AlertedService, environment: AlertEnvironment): AlertFacts[] {
  if (service.workloads.length === 0 && service.datastores.length === 0) return [];
  return [...volumeAlerts(service), ...featureAlerts(service, environment)];
}

function errorRateAlerts(service: AlertedService): AlertFacts[] {
  const { errorRate } = service.objectives;
  const requests = countedRequests(service);
  if (!errorRate || !requests) return [];
  const below = errorRate.below.value;
  return [
    {
      name: "ErrorRateHigh",
      // Without traffic there is no share: 0 divided by 0 would be NaN and hide that.
      expr: `(${requests.failed}) / (${requests.total} > 0) > ${fraction(below)}`,
      for: errorRate.for.value,
      severity: "warning",
      summary: `More than ${below} of ${service.name}'s requests fail`,
      description: `{{ $value | humanizePercentage }} of the requests of the last minutes failed; ${below} may.`,
    },
  ];
}

function latencyAlerts(service: AlertedService): AlertFacts[] {
  const { duration } = service.indicators;
  if (!duration) return [];
  return (service.objectives.latency ?? []).map(({ percentile, below, for: wait, severity }) => ({
    name: "LatencyHigh",
    // "Not below" instead of "above": the histogram reports anything longer than its last bound as that bound.
    expr: `${answeredWithin(service, duration, percentile)} >= ${latencySeconds(below.value)}`,
    for: wait.value,
    severity,
    labels: { percentile: String(percentile) },
    summary: `${service.name} answers too slowly`,
    description: `The slowest ${Number((100 - percentile).toPrecision(12))}% of the requests take {{ $value | humanizeDuration }} or more; less than ${below.value} is promised.`,
  }));
}

function missingIndicatorAlerts(service: AlertedService): AlertFacts[] {
  const { availability, errorRate, latency = [] } = service.objectives;
  const { duration } = service.indicators;
  const requests = availability || errorRate ? objectiveRequests(service) : undefined;
  const missing = (indicator: string, expr: string) =>
    indicatorMissing(
      indicator,
      expr,
      `Nothing counts the ${indicator} that ${service.name}'s objectives are measured by`,
      `Prometheus has had no such series for ${MISSING_FOR}: whether the objectives are kept is not known, and none of their alerts can fire.`,
    );
  return [
    ...(requests ? [missing("requests", requests.missing)] : []),
    ...(duration && latency.length > 0 ? [missing("duration", durationMissing(service, duration))] : []),
  ];
}

/** Metrics of exporters, for which ExporterMissing fires, and of Prometheus itself. */
const foreign = /^(up$|ALERTS|kube_|kubelet_|container_|probe_)/;

/** An own alert on a metric that nothing exports would never fire. */
function missingMetricAlerts({ name: service, namespace, alerts }: AlertedService): AlertFacts[] {
  /** The names of the alerts that read each metric. */
  const readers = new Map<string, Set<string>>();
  for (const { name, expr } of alerts) {
    for (const metric of metricsOf(expr)) readers.set(metric, (readers.get(metric) ?? new Set()).add(name));
  }
  return [...readers]
    .filter(([metric]) => !foreign.test(metric))
    .map(([metric, names]) =>
      indicatorMissing(
        metric,
        `absent(${selectorOf(metric, `namespace="${namespace}"`)})`,
        `Prometheus has no series ${metric} of ${service}`,
        `There has been none for ${MISSING_FOR}: these alerts cannot fire: ${[...names].join(", ")}.`,
      ),
    );
}

function ownAlerts(service: AlertedService): AlertFacts[] {
  return service.alerts.map(({ name, expr, for: wait, severity, summary, description }) => ({
    name,
    expr: scoped(expr, service),
    for: wait.value,
    severity,
    summary,
    description,
  }));
}
