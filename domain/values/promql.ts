import { parser } from "@prometheus-io/lezer-promql";

/** Where an expression stops being PromQL. */
export interface PromqlError {
  /** From 1. */
  line: number;
  column: number;
  /** The text from there, or before it if the expression ends too early. */
  near: string;
}

/** As long as a matcher's name, so that every position stays where it is in the text that a person wrote. */
const SCOPE = "$scope";
const STAND_IN = 's="xx"';

/**
 * The syntax error of an expression, by the grammar of Prometheus' own editor; undefined if it parses. Types are not checked: promtool
 * finds `rate(x)` without a range.
 *
 * @param expr may contain `$scope` in place of a matcher
 */
export function promqlError(expr: string): PromqlError | undefined {
  const text = expr.replaceAll(SCOPE, STAND_IN);
  let at: number | undefined;
  parser.parse(text).iterate({
    enter({ type, from, to }) {
      // The grammar accepts a string without its closing quote.
      const isOpen = type.name === "StringLiteral" && (to - from < 2 || text[from] !== text[to - 1]);
      if (type.isError || isOpen) at ??= from;
    },
  });
  if (at === undefined) return undefined;
  const before = expr.slice(0, at).split("\n");
  const rest = expr.slice(at).trim();
  return {
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    near: rest === "" ? `the end, after ${expr.trimEnd().slice(-20)}` : rest.slice(0, 20),
  };
}

/** The names of the metrics that an expression selects, once each. @param expr without syntax errors; may contain `$scope` */
export function metricsOf(expr: string): string[] {
  const names = new Set<string>();
  parser.parse(expr.replaceAll(SCOPE, STAND_IN)).iterate({
    enter({ type, node }) {
      const metric = type.name === "VectorSelector" ? metricOf(node, expr) : undefined;
      if (metric !== undefined) names.add(metric);
    },
  });
  return [...names];
}

type Node = ReturnType<typeof parser.parse>["topNode"];

/** The name of a selector's metric: before its braces or, since Prometheus 3, in quotes among its matchers. */
function metricOf(selector: Node, expr: string): string | undefined {
  const plain = selector.getChild("Identifier");
  if (plain) return expr.slice(plain.from, plain.to);
  const quoted = selector.getChild("LabelMatchers")?.getChild("QuotedLabelName");
  return quoted ? unquoted(expr.slice(quoted.from, quoted.to)) : undefined;
}

/** The text of a string of PromQL, in which no name of a metric needs an escape. */
function unquoted(text: string): string {
  return text.slice(1, -1);
}

/** The metric and the matchers of a selector; undefined for what is no selector of one metric. @param text may contain `$scope` */
export function selectorParts(text: string): { metric: string; matchers: string[] } | undefined {
  if (promqlError(text)) return undefined;
  const selector = parser.parse(text.replaceAll(SCOPE, STAND_IN)).topNode.firstChild;
  if (selector?.type.name !== "VectorSelector") return undefined;
  const metric = metricOf(selector, text);
  if (metric === undefined) return undefined;
  const matchers: string[] = [];
  for (let one = selector.getChild("LabelMatchers")?.firstChild; one; one = one.nextSibling) {
    if (one.type.name.endsWith("LabelMatcher")) matchers.push(text.slice(one.from, one.to));
  }
  return { metric, matchers };
}

/** A selector of a metric's series, whatever the metric's name. @param matchers such as `namespace="shop"` */
export function selectorOf(metric: string, ...matchers: string[]): string {
  if (/^[a-zA-Z_:][\w:]*$/.test(metric)) return matchers.length === 0 ? metric : `${metric}{${matchers.join(",")}}`;
  return `{${[`"${metric}"`, ...matchers].join(",")}}`;
}

/** What a selector asks for. */
export interface Selected {
  metric: string;
  /** The namespace that it asks for by `=`; absent without such a matcher. */
  namespace?: string;
}

/** The series that an expression selects, once each. @param expr without syntax errors or `$scope` */
export function selectedBy(expr: string): Selected[] {
  const found = new Map<string, Selected>();
  parser.parse(expr).iterate({
    enter({ type, node }) {
      const metric = type.name === "VectorSelector" ? metricOf(node, expr) : undefined;
      if (metric === undefined) return;
      const matchers = node.getChild("LabelMatchers");
      const [, namespace] =
        /[{,]\s*namespace\s*=\s*"([^"]+)"/.exec(matchers ? expr.slice(matchers.from, matchers.to) : "") ?? [];
      found.set(`${metric} ${namespace}`, { metric, ...(namespace && { namespace }) });
    },
  });
  return [...found.values()];
}

/**
 * How far back an expression looks, in seconds: its longest range, with those of the ranges and records inside it. An offset does not
 * count: what is compared with the past is seen now.
 *
 * @param expr without syntax errors or `$scope`
 * @param records the expressions of the recording rules that it may read, by their names
 */
export function lookback(expr: string, records: ReadonlyMap<string, string> = new Map()): number {
  return of(parser.parse(expr).topNode);

  function of(node: Node): number {
    const { name } = node.type;
    if (name === "VectorSelector") {
      const record = records.get(metricOf(node, expr) ?? "");
      return record === undefined ? 0 : lookback(record, records);
    }
    const range = name === "MatrixSelector" || name === "SubqueryExpr" ? node.getChild("DurationExpr") : null;
    let longest = 0;
    for (let child = node.firstChild; child; child = child.nextSibling) longest = Math.max(longest, of(child));
    return longest + (range ? rangeSeconds(expr.slice(range.from, range.to)) : 0);
  }
}

const secondsPerUnit: Record<string, number> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** PromQL's own form: several units, or a number of seconds. */
function rangeSeconds(range: string): number {
  const parts = [...range.matchAll(/(\d+)(ms|[smhdwy])/g)];
  if (parts.length === 0) return Number(range);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (secondsPerUnit[unit as string] as number), 0);
}

/** The error as a fault's `got` says it. */
export function shownPromqlError(expr: string): string | undefined {
  const error = promqlError(expr);
  return error && `'${expr}', which is not PromQL at line ${error.line}, column ${error.column}, near ${error.near}`;
}
