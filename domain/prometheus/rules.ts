import type { IRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Rule";
import type { IRuleGroup } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/RuleGroup";
import type { EnvironmentPart } from "../environment/part.ts";
import type { Severity } from "../values/severity.ts";

/** What every alert says of its environment. */
export type RuleEnvironment = EnvironmentPart<"name" | "monitoring.runbooks">;

/** An alerting rule, as Prometheus reads it, with all that our alerts carry. */
export interface AlertRule extends Required<Pick<IRule, "alert" | "expr" | "for" | "labels" | "annotations">> {
  expr: string;
  labels: Record<string, string> & { severity: Severity | "none" };
  annotations: { summary: string; description: string; runbook_url: string };
}

/** A recording rule, as Prometheus reads it. */
export interface RecordingRule extends Required<Pick<IRule, "record" | "expr">>, Pick<IRule, "labels"> {
  expr: string;
}

/** Rules that are evaluated together, in order; without an interval as often as Prometheus' own says. */
export interface RuleGroup extends Pick<IRuleGroup, "name" | "interval" | "rules"> {
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
