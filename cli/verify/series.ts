import { z } from "zod";
import type { RuleGroup } from "../../domain/prometheus/rules.ts";
import { type Selected, selectedBy, selectorOf } from "../../domain/values/promql.ts";
import type { Ask } from "./api.ts";
import type { Finding } from "./finding.ts";

const Series = z.object({ data: z.array(z.record(z.string(), z.string())) });

/** How far back a series counts as there. */
const SECONDS = 3600;

/** Series that rules select and Prometheus does not have, or has under another namespace label. */
export async function seriesFindings(ask: Ask, groups: readonly RuleGroup[]): Promise<Finding[]> {
  const rules = groups.flatMap((group) => group.rules);
  const recorded = new Set(rules.flatMap((rule) => ("record" in rule ? rule.record : [])));
  const wanted = new Map<string, { selected: Selected; by: Set<string> }>();
  for (const rule of rules) {
    for (const selected of selectedBy(rule.expr).filter(({ metric }) => !recorded.has(metric))) {
      const key = selector(selected);
      const entry = wanted.get(key) ?? { selected, by: new Set() };
      entry.by.add("alert" in rule ? rule.alert : rule.record);
      wanted.set(key, entry);
    }
  }
  const has = async (match: string) => {
    const now = Date.now() / 1000;
    const period = { start: String(now - SECONDS), end: String(now), limit: "1" };
    return (await ask("/api/v1/series", { "match[]": match, ...period }, Series)).data.length > 0;
  };
  const findings: Finding[] = [];
  for (const [key, { selected, by }] of wanted) {
    if (await has(key)) continue;
    const { metric, namespace } = selected;
    const relabelled = namespace !== undefined && (await has(selectorOf(metric, `exported_namespace="${namespace}"`)));
    findings.push({
      what: `series ${key}, which ${[...by].sort().join(", ")} ${by.size === 1 ? "needs" : "need"}`,
      got: relabelled ? "there with the label exported_namespace instead of namespace" : "not there in the last hour",
      fix: relabelled
        ? "scrape its exporter with honorLabels: true"
        : "scrape what exports it, or remove the rule's declaration",
    });
  }
  return findings;
}

function selector({ metric, namespace }: Selected): string {
  return namespace === undefined ? selectorOf(metric) : selectorOf(metric, `namespace="${namespace}"`);
}
