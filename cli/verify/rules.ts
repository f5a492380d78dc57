import { z } from "zod";
import type { AlertRule, RecordingRule, RuleGroup } from "../../domain/prometheus/rules.ts";
import type { Ask } from "./api.ts";
import type { Finding } from "./finding.ts";

const Rule = z.object({ name: z.string(), query: z.string(), health: z.string(), lastError: z.string().optional() });
type Rule = z.infer<typeof Rule>;
const Rules = z.object({
  data: z.object({ groups: z.array(z.object({ name: z.string(), rules: z.array(Rule) })) }),
});
const Formatted = z.object({ data: z.string() });

/** Groups and rules that Prometheus has not loaded, loaded with another expression, or cannot evaluate. */
export async function ruleFindings(ask: Ask, groups: readonly RuleGroup[]): Promise<Finding[]> {
  const { data } = await ask("/api/v1/rules", {}, Rules);
  // Prometheus shows expressions in its own form.
  const formatted = async (query: string) => (await ask("/api/v1/format_query", { query }, Formatted)).data;
  const findings: Finding[] = [];
  for (const { name, rules } of groups) {
    const loaded = data.groups.filter((group) => group.name === name).flatMap((group) => group.rules);
    if (loaded.length === 0) {
      findings.push({
        what: `rule group "${name}"`,
        got: "not loaded",
        fix: "set upkeep:monitoring.ruleLabels to what Prometheus' ruleSelector selects, and see its ruleNamespaceSelector",
      });
      continue;
    }
    for (const rule of rules) findings.push(...(await findingsOf(rule, name, loaded, formatted)));
  }
  return findings;
}

async function findingsOf(
  rule: AlertRule | RecordingRule,
  group: string,
  loaded: Rule[],
  formatted: (query: string) => Promise<string>,
): Promise<Finding[]> {
  const name = "alert" in rule ? rule.alert : rule.record;
  const what = `rule ${name} of group "${group}"`;
  const expected = await formatted(rule.expr);
  for (const one of loaded.filter((candidate) => candidate.name === name)) {
    if ((await formatted(one.query)) !== expected) continue;
    if (one.health !== "err") return [];
    return [{ what, got: `its evaluation fails: ${one.lastError}`, fix: "see runbooks/RuleEvaluationFailing.md" }];
  }
  return [{ what, got: "not loaded with this expression", fix: "deploy this version of the program" }];
}
