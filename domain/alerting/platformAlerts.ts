import type { Service } from "../declaration/service.ts";
import { kubeStateMetricsDown } from "../prometheus/kubeStateMetrics.ts";
import { type AlertFacts, type AlertRule, alertRule } from "../prometheus/rules.ts";
import { PLATFORM, type PlatformEnvironment } from "../routing/platform.ts";
import { formatSeconds, seconds } from "../values/duration.ts";
import { endpointAlertGroups } from "./endpointAlerts.ts";
import { watchedFeaturesIn } from "./features.ts";
import { OBJECTIVE_PERIOD, objectiveRules } from "./objectives.ts";
import { blackboxDown, type ProbeEnvironment, probesOf } from "./probes.ts";
import { type AlertEnvironment, serviceAlertGroups } from "./serviceAlerts.ts";

/** Longer than a restart. */
const RESTART = "10m";

/** Longer than an outage or a piece of maintenance is silenced for. A window of a declaration is no silence. */
const SILENCED = "7d";

/**
 * The alerts on what all other alerts depend on, once per environment: exporters, Prometheus and Alertmanager. `Watchdog` always fires: the
 * dead man's switch that receives it pages when it stops.
 *
 * @param services as they are in the environment
 */
export function platformAlerts(
  environment: AlertEnvironment & ProbeEnvironment & PlatformEnvironment,
  services: readonly Service[],
): AlertRule[] {
  const probed = services.some((service) => probesOf(service, environment).length > 0);
  const facts: AlertFacts[] = [
    {
      name: "Watchdog",
      expr: "vector(1)",
      for: "1m",
      severity: "none",
      summary: "Alerts are evaluated and delivered",
      description:
        "This alert always fires. If it stops, Prometheus or Alertmanager does not work, and its receiver pages.",
    },
    exporterMissing("kube-state-metrics", kubeStateMetricsDown, unwatched("jobs, workloads and Services")),
    ...(probed ? [exporterMissing("blackbox-exporter", blackboxDown, unwatched("endpoints"))] : []),
    ...watchedFeaturesIn(environment).flatMap(({ exporter, platform = [] }) => [
      ...(exporter ? [exporterMissing(exporter.name, exporter.down, exporter.lost, "warning")] : []),
      ...platform,
    ]),
    unscraped(
      "prometheus",
      "prometheus_config_last_reload_successful",
      "its rules fail, or its configuration is refused",
    ),
    unscraped("alertmanager", "alertmanager_config_last_reload_successful", "notifications fail"),
    {
      name: "NotificationsFailing",
      // Alertmanager counts a notification as failed only after it tried again for minutes.
      expr: "sum by (integration) (increase(alertmanager_notifications_failed_total[15m])) > 0",
      for: RESTART,
      severity: "critical",
      summary: "Alertmanager cannot deliver notifications",
      description: "{{ $value | humanize }} notifications by {{ $labels.integration }} failed in 15 minutes.",
    },
    {
      name: "ConfigurationReloadFailed",
      expr: 'max by (job, instance) ({__name__=~"(prometheus|alertmanager)_config_last_reload_successful"}) == 0',
      for: RESTART,
      severity: "warning",
      summary: "A changed configuration of Prometheus or Alertmanager is refused",
      description:
        "{{ $labels.instance }} of job {{ $labels.job }} still runs with its last valid configuration: changed routes or targets have no effect.",
    },
    {
      name: "RuleEvaluationFailing",
      expr: "sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[15m])) > 0",
      for: RESTART,
      severity: "warning",
      summary: "Prometheus cannot evaluate rules",
      description:
        "{{ $value | humanize }} evaluations of {{ $labels.rule_group }} failed in 15 minutes: its alerts do not fire.",
    },
    {
      name: "SilenceLasting",
      // Alertmanager counts its silences and does not say which: one that follows another without a gap looks the same.
      expr: 'max(alertmanager_silences{state="active"}) > 0',
      for: SILENCED,
      severity: "warning",
      summary: `Something has been silenced for ${SILENCED}`,
      description: `{{ $value }} silences are active, and some were at each moment of ${formatSeconds(seconds(SILENCED))}: what they mute is told to nobody.`,
    },
    ...services.flatMap((service) => rulesNotLoaded(service, environment)),
    {
      name: "RetentionTooShort",
      // 0: no limit.
      expr: `0 < max(prometheus_tsdb_retention_limit_seconds) < ${seconds(OBJECTIVE_PERIOD)}`,
      for: RESTART,
      severity: "warning",
      summary: `Prometheus keeps its series for less than ${OBJECTIVE_PERIOD}`,
      description: `Prometheus keeps its series for {{ $value | humanizeDuration }}; error budgets are counted over ${formatSeconds(seconds(OBJECTIVE_PERIOD))}.`,
    },
  ];
  const subject = { service: PLATFORM, namespace: environment.alerting.namespace };
  // They belong to no service, so no dashboard shows them.
  const { grafana: _, ...monitoring } = environment.monitoring;
  return facts.map((one) => alertRule(subject, { ...environment, monitoring }, one));
}

function exporterMissing(
  exporter: string,
  expr: string,
  lost: string,
  severity: "critical" | "warning" = "critical",
): AlertFacts {
  return {
    name: "ExporterMissing",
    expr,
    for: RESTART,
    severity,
    labels: { exporter },
    summary: `Prometheus has no series of ${exporter}`,
    description: `${exporter} is down or not scraped: ${lost}.`,
  };
}

const unwatched = (what: string) => `no alert fires on ${what} of any service`;

/** Prometheus selects rules by label and namespace, and says nothing of those that it does not select. */
function rulesNotLoaded(service: Service, environment: AlertEnvironment & ProbeEnvironment): AlertFacts[] {
  const groups = [serviceAlertGroups, endpointAlertGroups, objectiveRules].flatMap((groupsOf) =>
    groupsOf(service, environment).map(({ name }) => name),
  );
  if (groups.length === 0) return [];
  const loaded = `count by (rule_group) (prometheus_rule_group_rules{rule_group=~".+;(${groups.join("|")})"})`;
  return [
    {
      name: "RulesNotLoaded",
      // Without any group there is nothing to count. That Prometheus itself is not scraped is another alert.
      expr: `(count(${loaded}) or vector(0)) < ${groups.length} unless on () absent(prometheus_rule_group_rules)`,
      for: RESTART,
      severity: "critical",
      labels: { watched: service.name },
      summary: `Prometheus does not load the rules of ${service.name}`,
      description: `Prometheus loads {{ $value }} of the rule groups ${groups.join(", ")}: the alerts of the others do not fire.`,
    },
  ];
}

/** Prometheus and Alertmanager work unscraped, but do not say what fails. */
function unscraped(exporter: string, series: string, unnoticed: string): AlertFacts {
  return {
    name: "ExporterMissing",
    expr: `absent(${series})`,
    for: RESTART,
    severity: "warning",
    labels: { exporter },
    summary: `Prometheus does not scrape ${exporter}`,
    description: `No series of ${exporter} is there: no alert fires if ${unnoticed}.`,
  };
}
