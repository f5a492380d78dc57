import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy, Severity } from "@pulumi/policy";
import type { Fault } from "../domain/fault.ts";
import type { Guard } from "../domain/podSpec.ts";
import { bugMessage, uncheckedMessage, violationMessage } from "./message.ts";
import { unknownPath } from "./unknownPath.ts";

/** One rule about single resources, judged on their inputs before anything changes. */
export interface Definition {
  /** Also the name of its page in docs/policies/. */
  name: string;
  /** One sentence: why the rule exists. */
  description: string;
  severity: Severity;
  /** Type tokens of the resources it judges. With a single one the SDK does not even decode the others. */
  types: readonly string[];
  /** Values that are not known in a preview throw when read: run each check under the guard. */
  faults(args: ResourceValidationArgs, guard: Guard): Fault[];
}

/**
 * A mandatory policy that reports every fault, and that fails neither silently nor wholly: what is not known yet is named in an
 * advisory line, and an error in the rule is a violation, where the SDK would skip the policy or end the preview.
 */
export function definePolicy({ name, description, severity, types, faults }: Definition): ResourceValidationPolicy {
  const validateResource = (args: ResourceValidationArgs, report: ReportViolation) => {
    if (!types.includes(args.type)) return;
    const policy = { name, description };
    const unknown = new Set<string>();
    const errors: unknown[] = [];
    const guard: Guard = (check) => {
      try {
        return check();
      } catch (error) {
        const path = unknownPath(error);
        if (path === undefined) errors.push(error);
        else unknown.add(path);
        return [];
      }
    };
    for (const fault of guard(() => faults(args, guard))) {
      violate(report, violationMessage(policy, args, fault));
    }
    if (errors.length > 0) violate(report, bugMessage(policy, args, errors[0]));
    if (unknown.size > 0) violate(report, uncheckedMessage(policy, args, [...unknown]), "advisory");
  };
  const [onlyType] = types.length === 1 ? types : [];
  return {
    name,
    description,
    severity,
    enforcementLevel: "mandatory",
    validateResource: Object.assign(validateResource, onlyType === undefined ? {} : { __pulumiType: onlyType }),
  };
}

type ReportObject = (violation: { message: string; enforcementLevel: string | undefined }) => void;

/**
 * Reports through the object form, which the SDK takes although its types do not say so: the description is then not put before
 * the message, and a line may have another level than its policy has by definition or configuration.
 */
function violate(report: ReportViolation, message: string, enforcementLevel?: "advisory") {
  (report as unknown as ReportObject)({ message, enforcementLevel });
}
