import type { PolicyResource, ReportViolation, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { configured } from "./configured.ts";
import { judge } from "./judge.ts";
import { isOurs } from "./ownership.ts";
import { effectOf } from "./profile.ts";
import { type Configurable, configurable, type Rule } from "./rule.ts";
import { configSchemaOf } from "./settings.ts";

/** One rule across resources, checked on all outputs of a stack at the end of a preview or an update. */
export interface StackDefinition extends Rule {
  /** Type tokens of the resources that it checks, one by one. */
  types: readonly string[];
  /**
   * Gets all resources of the stack once, and returns the check of one of them. Reading a value that a preview does not know throws: run
   * each check inside the attempt.
   */
  faults(stack: readonly PolicyResource[]): (resource: PolicyResource, attempt: Attempt) => Fault[];
}

/** A policy about a whole stack. The engine skips stack policies when an update fails. */
export function defineStackPolicy(definition: StackDefinition): StackValidationPolicy & Configurable {
  const { types, faults, ...rule } = definition;
  return {
    description: rule.description,
    severity: rule.severity,
    enforcementLevel: "mandatory",
    configSchema: configSchemaOf(),
    validateStack: ({ resources }: StackValidationArgs, report: ReportViolation) => {
      let ruleOfStack: ReturnType<StackDefinition["faults"]> | undefined;
      for (const resource of resources.filter(({ type }) => types.includes(type))) {
        const effect = effectOf(rule, isOurs(resource), configured().profile);
        if (effect === "ignore") continue;
        const check = (attempt: Attempt) => {
          ruleOfStack ??= faults(resources);
          return ruleOfStack(resource, attempt);
        };
        judge(rule, resource, report, check, effect);
      }
    },
    ...configurable(definition),
  };
}
