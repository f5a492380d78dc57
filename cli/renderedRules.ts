import { parse } from "yaml";
import { LOG_RULES } from "../domain/alerting/logAlerts.ts";
import type { RuleGroup } from "../domain/prometheus/rules.ts";
import type { PreviewedResource } from "./preview.ts";

/** The groups of all rules among resources: of PrometheusRules and, without prometheus-operator, of rule files in ConfigMaps. */
export function renderedRules(resources: PreviewedResource[]): RuleGroup[] {
  return resources.flatMap(({ type, inputs }) => {
    if (type.endsWith(":PrometheusRule")) return (inputs.spec as { groups: RuleGroup[] }).groups;
    if (type !== "kubernetes:core/v1:ConfigMap") return [];
    return Object.entries((inputs.data ?? {}) as Record<string, string>)
      .filter(([file]) => file.endsWith(".yaml") && !file.endsWith(LOG_RULES))
      .flatMap(([, text]) => (parse(text) as { groups?: RuleGroup[] })?.groups ?? []);
  });
}
