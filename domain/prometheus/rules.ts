import type { EnvironmentPart } from "../environment/part.ts";
import type { Severity } from "../values/severity.ts";

/** What every alert says of its environment. */
export type RuleEnvironment = EnvironmentPart<"name" | "monitoring.runbooks">;

// The library's declarations name these: types of prometheus-operator's models, ES modules, cannot be imported there by a project of
// CommonJS modules (TS1541). That ours fit those is judged where alertRules.ts reads them.

/** An alerting rule, as Prometheus reads it. */
export interface AlertRule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string> & { severity: Severity | "none" };
  annotations: { summary: string; description: string; runbook_url: string };
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
  /** How often; Prometheus' own interval where left out. */
  interval?: string;
  rules: (AlertRule | RecordingRule)[];
}

/** Where a rule's page lies. @param runbooks where the pages of runbooks/ can be read */
export function runbookUrl(runbooks: string, alert: string): string {
  return `${runbooks}/${alert}.md`;
}

export interface AlertFacts {
  /** Also the name of its page in runbooks/. */
  name: string;
  /** PromQL that gives a series for each thing that is wrong. */
  expr: string;
  for: string;
  severity: AlertRule["labels"]["severity"];
  /** What else tells it from others of its name: fixed words, never a value that changes. */
  labels?: Record<string, string>;
  summary: string;
  description: string;
}

/** An alerting rule with the labels and the link that every alert carries: whose it is, where, how loud, what to do. */
export function alertRule(
  subject: { service: string; namespace: string },
  { name: environment, monitoring }: RuleEnvironment,
  { name, expr, for: wait, severity, labels, summary, description }: AlertFacts,
): AlertRule {
  const { service, namespace } = subject;
  return {
    alert: name,
    expr,
    for: wait,
    labels: { severity, service, namespace, environment, ...labels },
    annotations: { summary, description, runbook_url: runbookUrl(monitoring.runbooks, name) },
  };
}
