import type { IRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/Rule";
import type { IRuleGroup } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/RuleGroup";
import { type Attempt, runCheck } from "../values/attempt.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { shownLogqlError } from "../values/logql.ts";
import { promqlError } from "../values/promql.ts";
import { nearest } from "../values/schemaFaults.ts";
import { severities } from "../values/severity.ts";
import type { Shape } from "../values/shape.ts";

/** A rule as anyone may have written it: each field may be missing. */
type RuleFields = Partial<IRule>;

/** A rule group of which each field may be missing, so that our own groups, a PrometheusRule and a rule file all fit. */
export interface RuleGroupFields extends Partial<Omit<IRuleGroup, "rules">> {
  rules?: readonly RuleFields[];
}

/** All fields of a rule and of a group; the API server drops any other without an error. */
const ruleFields = Object.keys({
  alert: true,
  annotations: true,
  expr: true,
  for: true,
  keep_firing_for: true,
  labels: true,
  record: true,
} satisfies Record<keyof IRule, true>);
const groupFields = Object.keys({
  interval: true,
  labels: true,
  limit: true,
  name: true,
  partial_response_strategy: true,
  query_offset: true,
  rules: true,
} satisfies Record<keyof IRuleGroup, true>);

/** The fields of rule groups that checks read. */
export const ruleGroupsShape: Shape = [
  {
    rules: [
      {
        alert: "text",
        record: "text",
        expr: "quantity",
        for: "text",
        labels: { "*": "text" },
        annotations: { "*": "text" },
      },
    ],
  },
];

/** @param allowed severities */
type RuleCheck = (rule: RuleFields, at: string, allowed: readonly string[]) => Fault[];

/** A rule may also say `none`: it notifies no one, but mutes others, or always fires so that its silence is noticed. */
const severityLabels: readonly string[] = [...severities, "none"];

/**
 * Which rules: `core` has what makes an alert work for anyone, `house` what our routes, dashboards and runbooks need besides, `ours` what our
 * components require, both.
 */
export type Standard = "core" | "house" | "ours";

/**
 * Faults of rules: what is missing for the person who is notified, or for the routes to that person.
 *
 * @param at path of the list of groups
 * @param allowed severities. Default: ours, and `none`
 * @returns all faults
 */
export function alertRuleFaults(
  groups: readonly RuleGroupFields[],
  at = "groups",
  attempt: Attempt = runCheck,
  standard: Standard = "ours",
  allowed: readonly string[] = severityLabels,
): Fault[] {
  return elements(groups).flatMap((index) =>
    attempt(() => {
      const group = groups[index] ?? {};
      const unknown = standard === "house" ? [] : attempt(() => unknownFields(group, groupFields, `${at}[${index}]`));
      const ofRules = elements(group.rules).flatMap((number) =>
        attempt(() => {
          const rule = group.rules?.[number] ?? {};
          const path = `${at}[${index}].rules[${nameOf(rule, attempt) ?? number}]`;
          return checksOf(rule, standard).flatMap((check) => attempt(() => check(rule, path, allowed)));
        }),
      );
      return [...unknown, ...ofRules];
    }),
  );
}

function checksOf(rule: RuleFields, standard: Standard): RuleCheck[] {
  return ("record" in rule && !("alert" in rule) ? recordChecks : alertChecks)[standard];
}

function fields(rule: RuleFields, at: string): Fault[] {
  return unknownFields(rule, ruleFields, at);
}

function unknownFields(of: object, known: string[], at: string): Fault[] {
  return Object.keys(of)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearest(name, known);
      return {
        code: "unknown-key",
        path: `${at}.${/^\w{1,60}$/.test(name) ? name : "*"}`,
        got: "a field that nothing reads: the API server drops it without an error",
        allowed: known.join(", "),
        fix: near ? `did you mean ${near}? Rename it` : "remove it",
      };
    });
}

function expr({ expr }: RuleFields, at: string): Fault[] {
  if (expr !== undefined && expr !== "") return [];
  const fix = "add the expression to evaluate";
  return [{ code: "rule-without-expression", path: `${at}.expr`, got: undefined, allowed: "a PromQL expression", fix }];
}

function parsedExpr(rule: RuleFields, at: string): Fault[] {
  const missing = expr(rule, at);
  const error = missing.length > 0 ? undefined : promqlError(String(rule.expr));
  // Loki's ruler reads files of the same form; in a PrometheusRule the operator refuses LogQL.
  if (error === undefined || shownLogqlError(String(rule.expr)) === undefined) return missing;
  return [
    {
      code: "expression-unreadable",
      path: `${at}.expr`,
      got: `not PromQL from line ${error.line}, column ${error.column} on`,
      allowed: "a PromQL expression",
      fix: "correct it there",
    },
  ];
}

function alertName(rule: RuleFields, at: string): Fault[] {
  return rule.record !== undefined ? named(rule, at) : alertForm(rule, at);
}

/** A rule is an alert or a record, and has its name. */
function named({ alert, record }: RuleFields, at: string): Fault[] {
  if (alert !== undefined && record !== undefined) {
    const fix = "make two rules of it: Prometheus refuses a whole file that has such a rule";
    const path = `${at}.record`;
    return [{ code: "rule-alert-and-record", path, got: redacted(record), allowed: "nothing beside alert", fix }];
  }
  if (alert?.trim() || record?.trim()) return [];
  const fix = "name what it alerts on, or what it records";
  return [
    { code: "rule-without-name", path: `${at}.alert`, got: undefined, allowed: "a name, here or as record", fix },
  ];
}

function alertForm({ alert }: RuleFields, at: string): Fault[] {
  if (alert !== undefined && /^[A-Z][A-Za-z0-9]*$/.test(alert)) return [];
  const allowed = "letters and digits, the first a capital, such as BackupStale";
  const fix = "rename it, and its runbook";
  return [{ code: "alert-name-invalid", path: `${at}.alert`, got: redacted(alert), allowed, fix }];
}

/** Naming as in prometheus.io/docs/practices/rules. */
function recordName({ record }: RuleFields, at: string): Fault[] {
  if (record !== undefined && /^[a-zA-Z_]\w*:[a-zA-Z_]\w*:[a-zA-Z_]\w*$/.test(record)) return [];
  const allowed = "level:metric:operations, such as namespace:http_requests:rate5m";
  return [{ code: "record-name-invalid", path: `${at}.record`, got: redacted(record), allowed, fix: "rename it" }];
}

function wait({ for: duration, labels }: RuleFields, at: string): Fault[] {
  // A rule that notifies no one, such as a window that mutes others, must hold from its first minute.
  if (labels?.severity === "none") return [];
  if (duration !== undefined && /^(\d+(ms|[smhdwy]))+$/.test(duration) && /[1-9]/.test(duration)) return [];
  const allowed = "a duration above 0, such as 5m";
  const fix = "set how long the condition must hold: one failed scrape must not notify anyone";
  return [{ code: "alert-wait-invalid", path: `${at}.for`, got: redacted(duration), allowed, fix }];
}

/** As Prometheus reads it: units from the largest to the smallest, or 0. */
const duration = /^(?:0|(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$/;

function readableWait({ for: wait }: RuleFields, at: string): Fault[] {
  if (wait === undefined || duration.test(wait)) return [];
  const fix = "write for example 5m";
  return [
    { code: "alert-wait-unreadable", path: `${at}.for`, got: redacted(wait), allowed: "a duration with a unit", fix },
  ];
}

/** Whoever is woken reads one of these first. */
function says({ annotations = {} }: RuleFields, at: string): Fault[] {
  if (["summary", "description", "message"].some((name) => annotations[name]?.trim())) return [];
  const [path, allowed] = [`${at}.annotations.summary`, "a sentence, here or as description"];
  return [{ code: "alert-says-nothing", path, got: undefined, allowed, fix: "say in one line what is wrong" }];
}

function severity({ labels }: RuleFields, at: string, allowed: readonly string[]): Fault[] {
  const level = labels?.severity;
  if (level !== undefined && allowed.includes(level)) return [];
  const fix = "set one of them: the routes match no other";
  const path = `${at}.labels.severity`;
  return [{ code: "alert-severity-unknown", path, got: redacted(level), allowed: allowed.join(", "), fix }];
}

function label(name: "service" | "namespace"): RuleCheck {
  return ({ labels }, at) => {
    if (labels?.[name]) return [];
    const fix = `set the ${name} that it is about: routes and people rely on it`;
    const path = `${at}.labels.${name}`;
    return [{ code: "alert-without-label", path, got: undefined, allowed: `the name of a ${name}`, fix }];
  };
}

function plainLabels({ labels }: RuleFields, at: string): Fault[] {
  return Object.keys(labels ?? {})
    .filter((name) => labels?.[name]?.includes("{{"))
    .map((name) => ({
      code: "label-templated",
      path: `${at}.labels.${/^\w{1,60}$/.test(name) ? name : "*"}`,
      got: "a template",
      allowed: "plain text",
      fix: "write the template in an annotation: an alert whose labels change is a new one each time",
    }));
}

const annotations = (["summary", "description"] as const).map(
  (name): RuleCheck =>
    ({ annotations }, at) => {
      if (annotations?.[name]?.trim()) return [];
      const fix = name === "summary" ? "say in one line what is wrong" : "say what it means, with the numbers";
      const path = `${at}.annotations.${name}`;
      return [{ code: "alert-without-annotation", path, got: undefined, allowed: "a sentence", fix }];
    },
);

function runbook({ alert, annotations }: RuleFields, at: string): Fault[] {
  const url = annotations?.runbook_url;
  if (url !== undefined && /^https?:\/\/[^\s/]+\/\S*$/.test(url) && url.endsWith(`/${alert}.md`)) return [];
  const page = `/${alert !== undefined && /^\w{1,80}$/.test(alert) ? alert : "<alert>"}.md`;
  const allowed = `an address that begins with https:// or http:// and ends with ${page}`;
  const fix = "link the alert's own page";
  return [{ code: "alert-runbook-invalid", path: `${at}.annotations.runbook_url`, got: redacted(url), allowed, fix }];
}

const recordChecks: Record<Standard, RuleCheck[]> = {
  core: [fields, parsedExpr, named],
  house: [recordName, plainLabels],
  ours: [fields, expr, recordName, plainLabels],
};

const alertChecks: Record<Standard, RuleCheck[]> = {
  core: [fields, parsedExpr, named, readableWait, severity, says],
  house: [alertForm, wait, label("service"), label("namespace"), plainLabels, ...annotations, runbook],
  ours: [
    fields,
    expr,
    alertName,
    wait,
    severity,
    label("service"),
    label("namespace"),
    plainLabels,
    ...annotations,
    runbook,
  ],
};

/** By index, so that an unknown element does not hide the others. */
function elements(list: readonly unknown[] | undefined): number[] {
  return Object.keys(list ?? []).map(Number);
}

/** The alert's or the record's name, if it is fit for a path. */
function nameOf(rule: RuleFields, attempt: Attempt): string | undefined {
  let name: string | undefined;
  attempt(() => {
    const own = rule.alert ?? rule.record;
    if (own !== undefined && /^[\w:]{1,80}$/.test(own)) name = own;
    return [];
  });
  return name;
}
