import type { EnvironmentPart } from "../environment/part.ts";
import type { Severity } from "../values/severity.ts";
import { dashboardUid } from "./dashboardUid.ts";

/** The settings that every alert depends on. */
export type RuleEnvironment = EnvironmentPart<
  "name" | "monitoring.runbooks" | "monitoring.grafana" | "monitoring.dashboardLabels"
>;

// The library's declaration files name these types. Those of prometheus-operator's models are ES modules, which a CommonJS project
// cannot import (TS1541); the compiler checks in alertRules.ts that ours fit them.

/** An alerting rule, as Prometheus reads it. */
export interface AlertRule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string> & { severity: Severity | "none" };
  annotations: { summary: string; description: string; runbook_url: string; dashboard_url?: string };
}

/** A recording rule, as Prometheus reads it. */
export interface RecordingRule {
  record: string;
  expr: string;
  labels?: Record<string, string>;
}

/** Rules that are evaluated together, in order. */
export interface RuleGroup {
  name: string;
  /** How often. Default: Prometheus' own interval. */
  interval?: string;
  rules: (AlertRule | RecordingRule)[];
}

/** Address of an alert's page. @param runbooks where the pages of runbooks/ are published */
export function runbookUrl(runbooks: string, alert: string): string {
  return `${runbooks}/${alert}.md`;
}

/** The links of a service's alert: its page and, where the environment has dashboards and names Grafana, the service's dashboard. */
export function alertLinks(
  environment: RuleEnvironment,
  service: string,
  alert: string,
): Pick<AlertRule["annotations"], "runbook_url" | "dashboard_url"> {
  const dashboard_url = dashboardUrl(environment, service);
  return { runbook_url: runbookUrl(environment.monitoring.runbooks, alert), ...(dashboard_url && { dashboard_url }) };
}

/** Address of a service's dashboard; undefined where the environment has none, or does not name Grafana. */
export function dashboardUrl({ name, monitoring }: RuleEnvironment, service: string): string | undefined {
  const { grafana, dashboardLabels } = monitoring;
  return grafana && dashboardLabels ? `${grafana}/d/${dashboardUid(service, name)}` : undefined;
}

/**
 * The labels that say what an alert is about, among alerts of one name and service: an object, a check, an address. `window` and `percentile`
 * are none: they say how it was measured.
 */
export const subjectLabels = [
  "cronjob",
  "workload",
  "endpoint",
  "check",
  "indicator",
  "instance",
  "persistentvolumeclaim",
  "datastore",
  "exporter",
  // Of cert-manager's Certificates.
  "name",
] as const;

export interface AlertFacts {
  /** Also the name of its page in runbooks/. */
  name: string;
  /** PromQL that returns one series per problem. */
  expr: string;
  for: string;
  severity: AlertRule["labels"]["severity"];
  /** Labels that distinguish it from others of its name: constant words, never a value that changes. */
  labels?: Record<string, string>;
  summary: string;
  description: string;
}

/** An alerting rule with what every alert has: severity, service, namespace, environment and the link to its runbook. */
export function alertRule(
  subject: { service: string; namespace: string },
  environment: RuleEnvironment,
  { name, expr, for: wait, severity, labels, summary, description }: AlertFacts,
): AlertRule {
  const { service, namespace } = subject;
  return {
    alert: name,
    expr,
    for: wait,
    labels: { severity, service, namespace, environment: environment.name, ...labels },
    annotations: { summary, description, ...alertLinks(environment, service, name) },
  };
}
