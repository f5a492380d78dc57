import { parser } from "@prometheus-io/lezer-promql";
import type { AlertRule } from "../../../domain/prometheus/rules.ts";

type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

/** An alert with one mistake. */
export interface Mutant {
  alert: string;
  /** The mistake, without the matchers that differ between services. */
  change: string;
  rule: AlertRule;
}

/**
 * Each mistake that an alert's author could make and no parser finds: a threshold that is a fifth too low or a quarter too high, a
 * comparison that is flipped or missing, an operand or guard that is missing, no `for`.
 */
export function mutantsOf(rule: AlertRule): Mutant[] {
  const { alert, expr } = rule;
  const seen = new Map<string, number>();
  const mutant = (change: string, changed: Partial<AlertRule>): Mutant => {
    const count = (seen.get(change) ?? 0) + 1;
    seen.set(change, count);
    return { alert, change: count === 1 ? change : `${change} #${count}`, rule: { ...rule, ...changed } };
  };
  const ofExpression = operations(expr).flatMap((operation) =>
    changesOf(operation).map(({ change, text }) =>
      mutant(change, { expr: expr.slice(0, operation.from) + text + expr.slice(operation.to) }),
    ),
  );
  const ofWait = /^0/.test(rule.for) ? [] : [mutant("no for", { for: "0s" })];
  return [...ofExpression, ...ofWait];
}

/** The constants that an expression compares with, in their order, without 0. */
export function thresholds(expr: string): number[] {
  return operations(expr).flatMap(({ operator, left, right }) =>
    operator in flipped ? [left.constant, right.constant].filter((value) => value) : [],
  ) as number[];
}

interface Operand {
  text: string;
  /** Its value, if it is one. */
  constant: number | undefined;
}

interface Operation {
  from: number;
  to: number;
  left: Operand;
  /** The operator, without its modifiers. */
  operator: string;
  /** The operator with them. */
  between: string;
  right: Operand;
  /** Whether what it returns is the alert's. */
  outermost: boolean;
}

const flipped: Record<string, string> = { "<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "!=", "!=": "==" };
const SET_OPERATORS = ["and", "or", "unless"];

/** The comparisons and set operations of an expression, those inside others too. */
function operations(expr: string): Operation[] {
  const found: Operation[] = [];
  const operand = (node: SyntaxNode): Operand => ({
    text: expr.slice(node.from, node.to),
    constant: constantOf(node, expr),
  });
  parser.parse(expr).iterate({
    enter({ type, node }) {
      if (type.name !== "BinaryExpr") return;
      const { firstChild: left, lastChild: right } = node;
      const symbol = left?.nextSibling;
      if (!left || !right || !symbol) throw new Error(`"${expr}" has an operator without operands`);
      const operator = expr.slice(symbol.from, symbol.to).toLowerCase();
      if (!(operator in flipped) && !SET_OPERATORS.includes(operator)) return;
      const between = expr.slice(left.to, right.from);
      const outermost = node.parent?.type.isTop ?? true;
      found.push({
        ...{ from: node.from, to: node.to, left: operand(left), right: operand(right) },
        ...{ operator, between, outermost },
      });
    },
  });
  return found;
}

/** @returns undefined where it selects series or calls a function */
function constantOf(node: SyntaxNode, expr: string): number | undefined {
  const text = expr.slice(node.from, node.to);
  if (node.type.name === "NumberDurationLiteral") return Number(text);
  if (node.type.name === "ParenExpr" && node.firstChild) return constantOf(node.firstChild, expr);
  const factors = /^([\d.]+) \* ([\d.]+)$/.exec(text);
  return factors ? Number(factors[1]) * Number(factors[2]) : undefined;
}

function changesOf({ left, operator, between, right, outermost }: Operation): { change: string; text: string }[] {
  const whole = `${left.text}${between}${right.text}`;
  if (SET_OPERATORS.includes(operator)) {
    const dropRight = { change: short(`without: … ${between.trim()} ${right.text}`), text: left.text };
    if (operator === "unless") return [dropRight];
    return [dropRight, { change: short(`without: ${left.text} ${between.trim()} …`), text: right.text }];
  }
  const comparison = flipped[operator] as string;
  const threshold = left.constant === undefined ? right : left;
  return [
    ...(threshold.constant === 0
      ? []
      : [0.8, 1.25].map((factor) => {
          const scaled = (one: Operand) => (one === threshold ? `((${one.text}) * ${factor})` : one.text);
          return { change: short(`x${factor}: ${whole}`), text: `${scaled(left)}${between}${scaled(right)}` };
        })),
    {
      change: short(`flipped: ${whole}`),
      text: `${left.text}${between.replace(operator, comparison)}${right.text}`,
    },
    ...(outermost
      ? []
      : [{ change: short(`uncompared: ${whole}`), text: threshold === left ? right.text : left.text }]),
  ];
}

function short(text: string): string {
  return text.replaceAll(/\{[^}]*\}/g, "");
}
