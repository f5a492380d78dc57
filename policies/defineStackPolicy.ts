import type { PolicyResource, ReportViolation, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import type { Rule } from "./definePolicy.ts";
import { judge } from "./judge.ts";
import { isOurs } from "./ownership.ts";

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
export function defineStackPolicy({
  name,
  description,
  severity,
  blocks,
  types,
  faults,
}: StackDefinition): StackValidationPolicy {
  return {
    name,
    description,
    severity,
    enforcementLevel: "mandatory",
    validateStack: ({ resources }: StackValidationArgs, report: ReportViolation) => {
      let rule: ReturnType<StackDefinition["faults"]> | undefined;
      for (const resource of resources.filter(({ type }) => types.includes(type))) {
        const check = (attempt: Attempt) => {
          rule ??= faults(resources);
          return rule(resource, attempt);
        };
        judge({ name, description }, resource, report, check, blocks === "ours" && !isOurs(resource));
      }
    },
  };
}
