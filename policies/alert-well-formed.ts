import { parse } from "yaml";
import { alertRuleFaults, type RuleGroupFields } from "../domain/prometheus/alertRules.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { definePolicy } from "./definePolicy.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

export const alertWellFormed = definePolicy({
  name: "alert-well-formed",
  description: "An alert says what is wrong, where, and what to do, and it reaches the people on its route.",
  severity: "high",
  types: ["kubernetes:monitoring.coreos.com/v1:PrometheusRule", CONFIG_MAP],
  faults: ({ type, props }, attempt) =>
    type === CONFIG_MAP
      ? ruleFileFaults(props.data ?? {}, attempt)
      : alertRuleFaults(props.spec?.groups ?? [], "spec.groups", attempt),
});

/** Faults of the rule files in a ConfigMap; its other entries are ignored. */
function ruleFileFaults(data: Record<string, string>, attempt: Attempt): Fault[] {
  return Object.keys(data).flatMap((key) =>
    attempt(() => {
      const at = `data["${/^[\w.-]{1,100}$/.test(key) ? key : "*"}"]`;
      const groups = ruleGroups(data[key]);
      if (groups !== "unreadable") return alertRuleFaults(groups, `${at}.groups`, attempt);
      return [
        {
          code: "rule-file-unreadable",
          path: at,
          got: `${data[key]?.length} characters that are not YAML`,
          allowed: "a rule file, as it begins like one",
          fix: "correct what promtool check rules says",
        },
      ];
    }),
  );
}

/** The groups of a Prometheus rule file; empty for any other text. */
function ruleGroups(text: unknown): RuleGroupFields[] | "unreadable" {
  // Cheap test first: most texts are not rule files, and parsing is slow.
  if (typeof text !== "string" || !/\bgroups\b/.test(text) || !/\brules\b/.test(text)) return [];
  try {
    const { groups } = (parse(text) ?? {}) as { groups?: unknown };
    return Array.isArray(groups) && groups.some(holdsRules) ? groups : [];
  } catch {
    return /^groups:/m.test(text) ? "unreadable" : [];
  }
}

/** Grafana's own alerts and others have groups of rules too, but not these fields. */
function holdsRules(group: { rules?: unknown } | null): boolean {
  const rules: unknown[] = Array.isArray(group?.rules) ? group.rules : [];
  return rules.some((rule) => ["alert", "record", "expr"].some((field) => Object.keys(rule ?? {}).includes(field)));
}
