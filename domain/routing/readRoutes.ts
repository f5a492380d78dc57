import type { LabelCondition } from "../values/selectors.ts";
import type { ReachRoute, ReachTree } from "./reach.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The routes of a configuration of Alertmanager; undefined where it has no route. What is of another shape is left out: Alertmanager refuses it,
 * and amtool says where.
 */
export function readConfiguration(configuration: unknown): ReachTree | undefined {
  const { route, receivers } = fieldsOf(configuration);
  if (!isFields(route)) return undefined;
  return {
    root: routeOf({ ...route, matchers: [], match: {}, match_re: {} }),
    receivers: receiversOf(receivers, /_configs$/),
  };
}

/**
 * The routes of an AlertmanagerConfig (monitoring.coreos.com), which takes alerts of its own namespace.
 *
 * @param namespace undefined where it is not known
 */
export function readAlertmanagerConfig(spec: unknown, namespace: string | undefined): ReachTree | undefined {
  const { route, receivers } = fieldsOf(spec);
  if (!isFields(route)) return undefined;
  const root = routeOf(route);
  const own: LabelCondition[] =
    namespace === undefined ? [] : [{ label: "namespace", operator: "=", value: namespace }];
  return {
    root: { ...root, conditions: [...root.conditions, ...own] },
    receivers: receiversOf(receivers, /Configs$/),
  };
}

function routeOf(route: Fields): ReachRoute {
  return {
    conditions: conditionsOf(route),
    receiver: typeof route.receiver === "string" && route.receiver !== "" ? route.receiver : undefined,
    continues: route.continue === true,
    routes: listOf(route.routes).filter(isFields).map(routeOf),
  };
}

function conditionsOf({ matchers, match, match_re }: Fields): LabelCondition[] {
  const pairs = (map: unknown, operator: "=" | "=~") =>
    Object.entries(fieldsOf(map)).map(([label, value]): LabelCondition => ({ label, operator, value: textOf(value) }));
  return [
    ...pairs(match, "="),
    ...pairs(match_re, "=~"),
    ...listOf(matchers).flatMap((one) =>
      typeof one === "string" ? written(one) : isFields(one) ? [structured(one)] : [],
    ),
  ];
}

/** Matchers in Alertmanager's own notation: `severity="critical"`, `{a=~"b|c", d!=e}`. */
function written(text: string): LabelCondition[] {
  const inner = text.trim().replace(/^\{|\}$/g, "");
  return [...inner.matchAll(/\s*"?([\w.]+)"?\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^,"]*))\s*(?:,|$)/g)].map(
    ([, label = "", operator, quoted, bare = ""]) => ({
      label,
      operator: operator as LabelCondition["operator"],
      value: quoted === undefined ? bare.trim() : quoted.replace(/\\(["\\])/g, "$1"),
    }),
  );
}

/** A matcher of an AlertmanagerConfig; `regex` is what it had before `matchType`. */
function structured({ name, value, matchType, regex }: Fields): LabelCondition {
  const known = (["=", "!=", "=~", "!~"] as const).find((one) => one === matchType);
  return { label: textOf(name), operator: known ?? (regex === true ? "=~" : "="), value: textOf(value) };
}

/** Whether each receiver has a channel. @param lists matches the fields that hold them */
function receiversOf(receivers: unknown, lists: RegExp): Map<string, boolean> {
  return new Map(
    listOf(receivers)
      .filter(isFields)
      .map((one) => [textOf(one.name), Object.keys(one).some((key) => lists.test(key) && listOf(one[key]).length > 0)]),
  );
}

/** A label's name or value, which YAML may have read as a number. Anything else matches nothing. */
function textOf(value: unknown): string {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
