import type { Service } from "../declaration/service.ts";
import type { RuleEnvironment, RuleGroup } from "../prometheus/rules.ts";
import { type AlertRule, alertRule } from "../prometheus/rules.ts";
import { DAY, formatSeconds } from "../values/duration.ts";
import type { Severity } from "../values/severity.ts";
import type { ProbeEnvironment } from "./probes.ts";
import { blackboxDown, PROBE_INTERVAL, probesOf } from "./probes.ts";

/** Time to expiry at which a certificate alert is a warning, then critical. No guide gives numbers (MP-016, TM-077). */
export const CERTIFICATE_ENDS_WITHIN = { warning: 30 * DAY, critical: 7 * DAY } as const;

/**
 * An endpoint flaps if it answers fewer of the last probes than this share, with more than one outage among them: EndpointDown starts to wait again
 * with each answer. Assumed; no guide gives numbers.
 */
const FLAPPING = { answered: 0.75, of: "30m", changes: 2 } as const;

/** Them as Prometheus loads them. @returns no group for a service without Probes */
export function endpointAlertGroups(service: Service, environment: RuleEnvironment & ProbeEnvironment): RuleGroup[] {
  const rules = endpointAlerts(service, environment);
  return rules.length === 0 ? [] : [{ name: `${service.name}-health`, interval: PROBE_INTERVAL, rules }];
}

/** The alerts on a service's endpoints, from blackbox exporter. None if the health monitor checks the endpoints. */
export function endpointAlerts(service: Service, environment: RuleEnvironment & ProbeEnvironment): AlertRule[] {
  return probesOf(service, environment).flatMap(({ endpoint, jobName }) => {
    const series = (metric: string) => `${metric}{job="${jobName}"}`;
    const rule = (name: string, severity: Severity, wait: string, expr: string, summary: string, description: string) =>
      alertRule({ service: service.name, namespace: service.namespace }, environment, {
        name,
        expr,
        for: wait,
        severity,
        labels: { endpoint: endpoint.name },
        summary,
        description,
      });
    const count = endpoint.urls.length;
    const rules = [
      rule(
        "EndpointDown",
        endpoint.severity,
        endpoint.for.value,
        `max by (instance) (${series("probe_success")}) == 0`,
        `${endpoint.name} of ${service.name} does not answer`,
        `{{ $labels.instance }} has not answered with a status of 2xx for ${endpoint.for.value}.`,
      ),
      rule(
        "EndpointFlapping",
        "warning",
        "5m",
        // One outage changes it twice.
        `max by (instance) (avg_over_time(${series("probe_success")}[${FLAPPING.of}])) < ${FLAPPING.answered}` +
          ` and max by (instance) (changes(${series("probe_success")}[${FLAPPING.of}])) > ${FLAPPING.changes}`,
        `${endpoint.name} of ${service.name} fails again and again`,
        `{{ $labels.instance }} answered {{ $value | humanizePercentage }} of the probes of the last ${FLAPPING.of} with a status of 2xx, and failed more than once in between.`,
      ),
      rule(
        "ProbeMissing",
        "warning",
        "15m",
        // Counted, because absent() fires only when the last series is gone. ExporterMissing fires if no address at all is probed.
        `(count(count by (instance) (${series("probe_success")})) or vector(0)) < ${count} unless on () ${blackboxDown}`,
        `${endpoint.name} of ${service.name} is not watched`,
        `Only {{ $value }} of ${count} addresses of ${endpoint.name} are probed: no alert fires if the others do not answer.`,
      ),
    ];
    if (!endpoint.urls.some((url) => url.startsWith("https:"))) return rules;
    const expiry = Object.entries(CERTIFICATE_ENDS_WITHIN).map(([severity, within]) =>
      rule(
        "CertificateExpiring",
        severity as Severity,
        "1h",
        // Of the verified chain: the earliest of all certificates may be one that no client needs.
        `min by (instance) (${series("probe_ssl_last_chain_expiry_timestamp_seconds")}) - time() < ${within}`,
        `The certificate of ${endpoint.name} of ${service.name} ends soon`,
        `The certificate that {{ $labels.instance }} shows ends in {{ $value | humanizeDuration }}, which is less than ${formatSeconds(within)}.`,
      ),
    );
    return [...rules, ...expiry];
  });
}
