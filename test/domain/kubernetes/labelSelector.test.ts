import assert from "node:assert/strict";
import type { V1LabelSelector, V1LabelSelectorRequirement } from "@kubernetes/client-node";
import * as fc from "fast-check";
import { selects } from "../../../domain/kubernetes/labelSelector.ts";

const key = fc.constantFrom("app", "tier", "constructor");
const value = fc.constantFrom("a", "b", "");
const labels = fc.dictionary(key, value, { maxKeys: 3 });
const requirement: fc.Arbitrary<V1LabelSelectorRequirement> = fc.oneof(
  fc.record({ key, operator: fc.constantFrom("In", "NotIn"), values: fc.array(value, { minLength: 1 }) }),
  fc.record({ key, operator: fc.constantFrom("Exists", "DoesNotExist") }),
);
const selector: fc.Arbitrary<V1LabelSelector> = fc.record(
  { matchLabels: labels, matchExpressions: fc.array(requirement, { maxLength: 3 }) },
  { requiredKeys: [] },
);

/**
 * The documentation's words, one by one: a set of labels is written as the set of all statements that are true of it, and a selector
 * selects it when none of its own statements is missing there.
 */
function oracle({ matchLabels, matchExpressions }: V1LabelSelector, of: Record<string, string>): boolean {
  const pairs = new Set(Object.entries(of).map(([name, text]) => `${name}=${text}`));
  const names = new Set(Object.keys(of));
  const asked = [
    ...Object.entries(matchLabels ?? {}).map(([name, text]) => ({ key: name, operator: "In", values: [text] })),
    ...(matchExpressions ?? []),
  ];
  const broken = asked.filter(({ key: name, operator, values = [] }: V1LabelSelectorRequirement) => {
    const hits = values.filter((text) => pairs.has(`${name}=${text}`)).length;
    if (operator === "In") return hits === 0;
    if (operator === "NotIn") return hits > 0;
    return names.has(name) !== (operator === "Exists");
  });
  return broken.length === 0;
}

describe("a label selector", () => {
  it("selects what the documentation's words say, whatever it asks for", () => {
    fc.assert(
      fc.property(selector, labels, (asked, of) => assert.equal(selects(asked, of), oracle(asked, of))),
      { numRuns: 2000 },
    );
  });

  it("selects everything where it asks for nothing, and nothing where it is missing", () => {
    assert.equal(selects({}, { app: "a" }), true);
    assert.equal(selects({ matchLabels: {}, matchExpressions: [] }, {}), true);
    assert.equal(selects(undefined, { app: "a" }), false);
  });

  it("selects an object without the label by NotIn, and not by In", () => {
    const asking = (operator: string) => ({ matchExpressions: [{ key: "tier", operator, values: ["a"] }] });
    assert.equal(selects(asking("NotIn"), { app: "a" }), true);
    assert.equal(selects(asking("In"), { app: "a" }), false);
  });

  it("is refused with an operator that Kubernetes does not know", () => {
    assert.throws(() => selects({ matchExpressions: [{ key: "a", operator: "Gt", values: ["1"] }] }, {}), {
      message: '"Gt" is not an operator of a label selector',
    });
  });
});
