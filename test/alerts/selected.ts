import { parser } from "@prometheus-io/lezer-promql";

/** A series that an expression selects, and the labels that the expression asks of it. */
export interface Asked {
  metric: string;
  labels: string[];
}

/** What the selectors of an expression ask for, by their matchers. */
export function askedBy(expr: string): Asked[] {
  const asked: Asked[] = [];
  parser.parse(expr).iterate({
    enter({ type, node }) {
      const name = type.name === "VectorSelector" && node.getChild("Identifier");
      if (!name) return;
      const labels: string[] = [];
      node
        .getChild("LabelMatchers")
        ?.cursor()
        .iterate((inner) => {
          if (inner.name === "LabelName") labels.push(expr.slice(inner.from, inner.to));
        });
      asked.push({ metric: expr.slice(name.from, name.to), labels });
    },
  });
  return asked;
}

/** The labels by which an expression groups or matches: `by`, `on`, `ignoring`. */
export function groupedBy(expr: string): string[] {
  const labels = new Set<string>();
  parser.parse(expr).iterate({
    enter({ type, node }) {
      if (type.name !== "GroupingLabels") return;
      node.cursor().iterate((inner) => {
        if (inner.name === "LabelName") labels.add(expr.slice(inner.from, inner.to));
      });
    },
  });
  return [...labels];
}
