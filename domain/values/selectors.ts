import { parser } from "@prometheus-io/lezer-promql";

type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

/** A condition on one label of a series. */
export interface LabelCondition {
  label: string;
  operator: "=" | "!=" | "=~" | "!~";
  value: string;
}

/** The series that one selector of an expression asks for, and what the expression makes of them. */
export interface Selector {
  /** Undefined where the selector names no metric. */
  metric: string | undefined;
  conditions: LabelCondition[];
  /** Names of the functions around it, the innermost first, such as `absent`. */
  within: string[];
  /** Whether it is subtracted from the time, or the time from it. */
  isAged: boolean;
  /** Whether other series take its place where it has none: it is an operand of `or`. */
  hasSubstitute: boolean;
}

/** The selectors of an expression, in its order. @param expr PromQL */
export function selectorsOf(expr: string): Selector[] {
  const found: Selector[] = [];
  parser.parse(expr).iterate({
    enter({ type, node }) {
      if (type.name === "VectorSelector") found.push(selector(node, expr));
    },
  });
  return found;
}

function selector(node: SyntaxNode, expr: string): Selector {
  const text = (part: SyntaxNode | null) => (part === null ? undefined : expr.slice(part.from, part.to));
  const matchers = node.getChild("LabelMatchers");
  const conditions = ["UnquotedLabelMatcher", "QuotedLabelMatcher"].flatMap((kind) =>
    (matchers?.getChildren(kind) ?? []).map((one) => ({
      label: text(one.getChild("LabelName")) ?? unquoted(text(one.getChild("QuotedLabelName")) ?? ""),
      operator: (text(one.getChild("MatchOp")) ?? "=") as LabelCondition["operator"],
      value: unquoted(text(one.getChild("StringLiteral")) ?? ""),
    })),
  );
  const named = conditions.find(({ label, operator }) => label === "__name__" && operator === "=")?.value;
  const around = ancestors(node);
  return {
    metric: text(node.getChild("Identifier")) ?? named,
    conditions: conditions.filter(({ label }) => label !== "__name__"),
    within: around.flatMap((one) => text(one.getChild("FunctionIdentifier")) ?? []),
    isAged: around.some((one) => one.getChild("Sub") !== null && /\btime\s*\(\s*\)/.test(text(one) ?? "")),
    hasSubstitute: around.some((one) => one.getChild("Or") !== null),
  };
}

function ancestors(node: SyntaxNode): SyntaxNode[] {
  return node.parent === null ? [] : [node.parent, ...ancestors(node.parent)];
}

/** A string's content. Escapes that JSON lacks are of no name or label that Kubernetes allows. */
function unquoted(literal: string): string {
  const inner = literal.slice(1, -1);
  return literal.startsWith("`") ? inner : inner.replace(/\\(["'\\])/g, "$1");
}

/** Whether a condition can hold of a label's value. A regular expression that JavaScript does not read may hold of any. */
export function holds({ operator, value }: Pick<LabelCondition, "operator" | "value">, of: string): boolean {
  if (operator === "=") return of === value;
  if (operator === "!=") return of !== value;
  const matches = matchesWhole(value, of);
  return matches === undefined || matches === (operator === "=~");
}

/** A longer one is no list of names, and may take long to try. */
const LONGEST_PATTERN = 2000;

function matchesWhole(pattern: string, text: string): boolean | undefined {
  if (pattern.length > LONGEST_PATTERN) return undefined;
  try {
    return new RegExp(`^(?:${pattern})$`, "s").test(text);
  } catch {
    return undefined;
  }
}
