import type { PolicyResource, ReportViolation, ResourceValidationArgs } from "@pulumi/policy";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { bugMessage, type Policy, uncheckedMessage, violationMessage } from "./message.ts";
import { unknownPath } from "./unknownPath.ts";

/**
 * Checks one resource and reports every fault. An unknown value becomes an advisory line, and an error in the rule a violation: the SDK
 * alone would skip the policy or end the preview.
 */
export function judge(
  policy: Policy,
  resource: ResourceValidationArgs | PolicyResource,
  report: ReportViolation,
  rule: (attempt: Attempt) => Fault[],
): void {
  const unknown = new Set<string>();
  const errors: unknown[] = [];
  const attempt: Attempt = (check) => {
    try {
      return check();
    } catch (error) {
      const path = unknownPath(error);
      if (path === undefined) errors.push(error);
      else unknown.add(path);
      return [];
    }
  };
  const { urn } = resource;
  for (const fault of attempt(() => rule(attempt))) {
    violate(report, { urn, fault, message: violationMessage(policy, resource, fault) });
  }
  if (errors.length > 0) violate(report, { urn, message: bugMessage(policy, resource, errors[0]) });
  if (unknown.size > 0) {
    const message = uncheckedMessage(policy, resource, [...unknown]);
    violate(report, { urn, message, enforcementLevel: "advisory" });
  }
}

interface Violation {
  urn: string;
  /** What the message says: the SDK passes on the message alone. */
  fault?: Fault;
  message: string;
  /** Default: the policy's own level, by definition or configuration. */
  enforcementLevel?: "advisory";
}

/**
 * Reports through the object form, which the SDK accepts although its types lack it: it does not prefix the description, and a line may
 * have another level than its policy.
 */
function violate(report: ReportViolation, violation: Violation) {
  (report as unknown as (violation: Violation) => void)(violation);
}
