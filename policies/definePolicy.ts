import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy, Severity } from "@pulumi/policy";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { judge } from "./judge.ts";
import { isOurs } from "./ownership.ts";

/** What resource and stack policies have in common. */
export interface Rule {
  /** Also the name of its page in docs/policies/. */
  name: string;
  /** One sentence: why the rule exists. */
  description: string;
  severity: Severity;
  /** Whose resources it blocks: `all`, or `ours` (ownership.ts); it advises about the others. */
  blocks: "all" | "ours";
}

/** One rule about single resources, checked on their inputs before anything changes. */
export interface Definition extends Rule {
  /**
   * Type tokens of the resources it checks; `kubernetes:*` matches all with that prefix. With a single token the SDK does not decode the
   * others.
   */
  types: readonly string[];
  /** Reading a value that a preview does not know throws: run each check inside the attempt. */
  faults(args: ResourceValidationArgs, attempt: Attempt): Fault[];
}

/** A policy about single resources. */
export function definePolicy({
  name,
  description,
  severity,
  blocks,
  types,
  faults,
}: Definition): ResourceValidationPolicy {
  const validateResource = (args: ResourceValidationArgs, report: ReportViolation) => {
    if (types.some((type) => matches(type, args.type))) {
      const advisory = blocks === "ours" && !isOurs(args);
      judge({ name, description }, args, report, (attempt) => faults(args, attempt), advisory);
    }
  };
  const [onlyType] = types.length === 1 && !types[0]?.endsWith("*") ? types : [];
  return {
    name,
    description,
    severity,
    enforcementLevel: "mandatory",
    validateResource: Object.assign(validateResource, onlyType === undefined ? {} : { __pulumiType: onlyType }),
  };
}

function matches(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
