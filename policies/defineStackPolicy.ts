import type {
  PolicyResource,
  ReportViolation,
  Severity,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { judge } from "./judge.ts";

/** One rule about how resources fit together, judged on all of a stack's outputs at the end of a preview or an update. */
export interface StackDefinition {
  /** Also the name of its page in docs/policies/. */
  name: string;
  /** One sentence: why the rule exists. */
  description: string;
  severity: Severity;
  /** Type tokens of the resources that it judges, one by one. */
  types: readonly string[];
  /**
   * Given all resources of the stack once, returns what judges one of them. Values that are not known in a preview throw when read:
   * run each check under the attempt.
   */
  faults(stack: readonly PolicyResource[]): (resource: PolicyResource, attempt: Attempt) => Fault[];
}

/** A mandatory policy about a stack as a whole. Where an update fails, the engine leaves stack policies out. */
export function defineStackPolicy({
  name,
  description,
  severity,
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
        judge({ name, description }, resource, report, (attempt) => {
          rule ??= faults(resources);
          return rule(resource, attempt);
        });
      }
    },
  };
}
