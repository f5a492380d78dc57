import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { configured } from "./configured.ts";
import { judge } from "./judge.ts";
import { isOurs } from "./ownership.ts";
import { effectOf } from "./profile.ts";
import { remediate } from "./remediate.ts";
import { type Configurable, configurable, type Rule } from "./rule.ts";
import { configSchemaOf, type Given, type Settings } from "./settings.ts";

/** One rule about single resources, checked on their inputs before anything changes. */
export interface Definition<S extends Settings = Settings> extends Rule {
  /**
   * Type tokens of the resources it checks; `kubernetes:*` matches all with that prefix. With a single token the SDK does not decode the
   * others.
   */
  types: readonly string[];
  /** What a stack may set; each field is optional. */
  settings?: S;
  /** Whether it has faults with a remedy, which it writes at the level `remediate`. */
  remediates?: boolean;
  /** Reading a value that a preview does not know throws: run each check inside the attempt. */
  faults(args: ResourceValidationArgs, attempt: Attempt, given: Given<S>): Fault[];
}

/** A policy about single resources. */
export function definePolicy<S extends Settings>(definition: Definition<S>): ResourceValidationPolicy & Configurable {
  const { types, settings, remediates, faults, ...rule } = definition;
  const validateResource = (args: ResourceValidationArgs, report: ReportViolation) => {
    if (!types.some((type) => matches(type, args.type))) return;
    const effect = effectOf(rule, isOurs(args), configured().profile);
    if (effect === "ignore") return;
    const given = settings ? args.getConfig<Given<S>>() : {};
    judge(rule, args, report, (attempt) => faults(args, attempt, given), effect);
  };
  const remediateResource = (args: ResourceValidationArgs) => {
    if (!types.some((type) => matches(type, args.type))) return undefined;
    // What it would only advise about is its owner's to change.
    if (effectOf(rule, isOurs(args), configured().profile) !== "block") return undefined;
    const given = settings ? args.getConfig<Given<S>>() : {};
    return remediate(rule, args, (attempt) => faults(args, attempt, given));
  };
  const [onlyType] = types.length === 1 && !types[0]?.endsWith("*") ? types : [];
  return {
    description: rule.description,
    severity: rule.severity,
    enforcementLevel: "mandatory",
    configSchema: configSchemaOf(settings),
    validateResource: Object.assign(validateResource, onlyType === undefined ? {} : { __pulumiType: onlyType }),
    ...(remediates && { remediateResource }),
    ...configurable(definition),
  };
}

function matches(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
