import type { PolicyResource, ReportViolation, ResourceValidationArgs } from "@pulumi/policy";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { MisshapenError } from "../domain/values/shape.ts";
import { configured } from "./configured.ts";
import { bugMessage, exemptMessage, type Policy, subjectOf, uncheckedMessage, violationMessage } from "./message.ts";
import { unknownPath } from "./unknownPath.ts";

/** More hide the first, and a resource with a fault in each element of a long list would flood the engine. */
const MOST_FAULTS = 200;

/**
 * Checks one resource and reports its faults, at most 200, as one violation. A value of another shape than its API's is a fault, an unknown one
 * an advisory line, and an error in the rule a violation: the SDK alone would skip the policy or end the preview.
 *
 * @param effect what its faults mean. Those that an exemption covers only advise
 */
export function judge(
  policy: Policy,
  resource: ResourceValidationArgs | PolicyResource,
  report: ReportViolation,
  rule: (attempt: Attempt) => Fault[],
  effect: "block" | "advise",
): void {
  const unknown = new Set<string>();
  const errors: unknown[] = [];
  const misshapen = new Map<string, Fault>();
  const counted = new Set<Fault>();
  const attempt: Attempt = (check) => {
    if (counted.size + misshapen.size >= MOST_FAULTS) return [];
    try {
      const faults = check();
      for (const fault of faults) counted.add(fault);
      return faults;
    } catch (error) {
      const path = unknownPath(error);
      if (path !== undefined) unknown.add(path);
      else if (error instanceof MisshapenError) misshapen.set(error.fault.path, error.fault);
      else errors.push(error);
      return [];
    }
  };
  const { urn } = resource;
  const level = effect === "advise" ? { enforcementLevel: "advisory" as const } : {};
  const found = [...attempt(() => rule(attempt)), ...misshapen.values()].slice(0, MOST_FAULTS);
  const { exemptions } = configured();
  const { left, exempt } = exemptions.apply(policy.name, subjectOf(resource), found, unknown.size === 0);
  if (left.length > 0)
    violate(report, { urn, faults: left, message: violationMessage(policy, resource, left), ...level });
  for (const [exemption, faults] of exempt) {
    const message = exemptMessage(policy, resource, faults, exemption, exemptions.daysLeft(exemption));
    violate(report, { urn, message, enforcementLevel: "advisory" });
  }
  if (errors.length > 0) violate(report, { urn, message: bugMessage(policy, resource, errors[0]) });
  if (unknown.size > 0) {
    const message = uncheckedMessage(policy, resource, [...unknown]);
    violate(report, { urn, unknown: [...unknown], message, enforcementLevel: "advisory" });
  }
}

interface Violation {
  urn: string;
  /** What the message says, for upkeep/testing: the SDK passes on the message alone. */
  faults?: Fault[];
  /** Paths of what was not judged, because a preview does not know it. */
  unknown?: string[];
  message: string;
  /** Default: the policy's own level, by definition or configuration. */
  enforcementLevel?: "advisory";
}

/**
 * Reports through the object form, which the SDK accepts although its types lack it: it does not prefix the description, and a line may
 * have another level than its policy.
 */
export function violate(report: ReportViolation, violation: Violation) {
  (report as unknown as (violation: Violation) => void)(violation);
}
