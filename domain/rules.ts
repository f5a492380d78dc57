import type { Severity } from "./severity.ts";

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
