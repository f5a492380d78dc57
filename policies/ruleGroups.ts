import { parse } from "yaml";
import type { WrittenObject } from "../domain/kubernetes/writtenObjects.ts";
import {
  alertRuleFaults,
  type RuleGroupFields,
  ruleGroupsShape,
  type Standard,
} from "../domain/prometheus/alertRules.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { shaped } from "../domain/values/shape.ts";
import { fieldsOf } from "./defineObjectPolicy.ts";

interface PrometheusRule {
  spec?: { groups?: RuleGroupFields[] };
}

/** A list of rule groups, and where it is in its object. */
interface RuleList {
  groups: readonly RuleGroupFields[];
  at: string;
}

/** Faults of the rules in an object: a PrometheusRule, or a ConfigMap with rule files. */
export function rulesFaults(
  object: WrittenObject,
  standard: Standard,
  attempt: Attempt,
  severities?: readonly string[],
): Fault[] {
  const unreadable = (at: string, length: number): Fault[] =>
    standard === "house"
      ? []
      : [
          {
            code: "rule-file-unreadable",
            path: at,
            got: `${length} characters that are not YAML`,
            allowed: "a rule file, as it begins like one",
            fix: "correct what promtool check rules says",
          },
        ];
  const check = ({ groups, at }: RuleList) => alertRuleFaults(groups, at, attempt, standard, severities);
  return ofRuleLists(object, attempt, check, unreadable);
}

/** Checks each list of rule groups of an object. @param unreadable of a rule file that is not YAML */
export function ofRuleLists(
  object: WrittenObject,
  attempt: Attempt,
  check: (list: RuleList) => Fault[],
  unreadable: (at: string, length: number) => Fault[] = () => [],
): Fault[] {
  if (object.kind === "ConfigMap") {
    const { data = {} } = fieldsOf<{ data?: Record<string, string> }>(object, { data: { "*": "text" } });
    return Object.keys(data).flatMap((key) =>
      attempt(() => {
        const text = data[key] ?? "";
        const at = `data["${/^[\w.-]{1,100}$/.test(key) ? key : "*"}"]`;
        const groups = ruleGroups(text);
        if (groups === "unreadable") return unreadable(at, text.length);
        return check({ groups: shaped(groups, ruleGroupsShape, `${at}.groups`), at: `${at}.groups` });
      }),
    );
  }
  if (object.kind !== "PrometheusRule") return [];
  const { spec } = fieldsOf<PrometheusRule>(object, { spec: { groups: ruleGroupsShape } });
  return check({ groups: spec?.groups ?? [], at: "spec.groups" });
}

/** The groups of a Prometheus rule file; empty for any other text. */
function ruleGroups(text: string): RuleGroupFields[] | "unreadable" {
  // Cheap test first: most texts are not rule files, and parsing is slow.
  if (!/\bgroups\b/.test(text) || !/\brules\b/.test(text)) return [];
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
