import { parser } from "@grafana/lezer-logql";

/** As long as a matcher's name, so that every position stays where it is in the text that a person wrote. */
const SCOPE = "$scope";
const STAND_IN = 's="xx"';

/**
 * What is wrong with an expression of Loki's ruler, by the grammar of Grafana's own editor, as a fault's `got` says it; undefined if nothing is.
 * A rule needs a number, so an expression that selects lines alone is none.
 *
 * @param expr may contain `$scope` in place of a matcher
 */
export function shownLogqlError(expr: string): string | undefined {
  let at: number | undefined;
  let measures = false;
  parser.parse(expr.replaceAll(SCOPE, STAND_IN)).iterate({
    enter({ type, from }) {
      if (type.isError) at ??= from;
      if (type.name === "MetricExpr") measures = true;
    },
  });
  if (at !== undefined)
    return `'${expr}', which is not LogQL at column ${at + 1}, near ${expr.slice(at).trim().slice(0, 20) || "the end"}`;
  return measures ? undefined : `'${expr}', which selects lines and counts nothing`;
}
