import * as kubernetes from "@pulumi/kubernetes";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { EnvironmentPart } from "../../domain/environment/part.ts";
import { alertRuleFaults } from "../../domain/prometheus/alertRules.ts";
import type { RuleGroup } from "../../domain/prometheus/rules.ts";
import { refuseFaults } from "../../domain/values/fault.ts";

/** How an environment's Prometheus loads rules. */
export type RulesEnvironment = EnvironmentPart<"monitoring.ruleLabels" | "features.prometheusOperator">;

export interface RulesArgs {
  environment: RulesEnvironment;
  /** Of the object in the cluster. */
  metadata: { name: string; namespace: string; labels: Record<string, string> };
  groups: RuleGroup[];
}

/**
 * Rules as the cluster loads them: a PrometheusRule or, without prometheus-operator, a rule file in a ConfigMap.
 *
 * @throws DeclarationError when a rule lacks an annotation or label that it needs, before anything is created
 */
export function rules(
  name: string,
  { environment, metadata, groups }: RulesArgs,
  options: CustomResourceOptions,
): Resource {
  refuseFaults(`rules "${metadata.name}"`, alertRuleFaults(groups));
  const labelled = { ...metadata, labels: { ...metadata.labels, ...environment.monitoring.ruleLabels } };
  if (environment.features.prometheusOperator) {
    return new kubernetes.apiextensions.CustomResource(
      name,
      { apiVersion: "monitoring.coreos.com/v1", kind: "PrometheusRule", metadata: labelled, spec: { groups } },
      options,
    );
  }
  return new kubernetes.core.v1.ConfigMap(
    name,
    { metadata: labelled, data: { [`${metadata.name}.yaml`]: stringify({ groups }) } },
    options,
  );
}
