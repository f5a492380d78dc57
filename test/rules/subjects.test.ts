import assert from "node:assert/strict";
import { type AlertRule, subjectLabels } from "../../domain/prometheus/rules.ts";
import { renderedRules } from "./rendered.ts";

/** Labels that every alert has, and those that say how it was measured: they distinguish no subjects. */
const common = ["severity", "service", "namespace", "environment", "window", "percentile"];

/** The labels that say what an alert is about: its own, and those that its text names. */
function subjectOf({ labels, annotations }: AlertRule): string[] {
  const named = [...annotations.description.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label as string);
  return [...Object.keys(labels), ...named].filter((label) => !common.includes(label));
}

describe("a critical alert inhibits a quieter one of its name", () => {
  it("only on the same subject: each label that distinguishes the two is compared", async function () {
    this.timeout("5m");
    const wrong = new Set<string>();
    let count = 0;
    for (const stack of ["prod", "staging", "sandbox"]) {
      const { alerts } = await renderedRules(stack);
      for (const { alert, labels } of alerts.filter(({ labels }) => labels.severity === "critical")) {
        const ofName = alerts.filter((one) => one.alert === alert && one.labels.service === labels.service);
        if (ofName.every((one) => one.labels.severity === "critical")) continue;
        count++;
        for (const label of ofName.flatMap(subjectOf)) {
          if (!(subjectLabels as readonly string[]).includes(label)) wrong.add(`${alert}: ${label}`);
        }
      }
    }
    assert.ok(count > 20, String(count));
    assert.deepEqual([...wrong].sort(), []);
  });
});
