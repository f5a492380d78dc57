import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Fault } from "../../domain/values/fault.ts";
import { judgeStack as judgeAll, type Policy, type Report, type Resource } from "../../policies/testing.ts";
import { refused } from "../support/refused.ts";

export { UNKNOWN } from "../../policies/testing.ts";

/** A resource of a stack, as its provider gave it back. */
export type StackResource = Resource;

export interface Verdict {
  urn: string;
  message: string;
  /** What was found; undefined where the policy could not judge. */
  faults: Fault[] | undefined;
  /** Undefined for the policy's own level. */
  enforcementLevel: string | undefined;
}

/** What a policy, or each of several, says of one resource, made by a component of Upkeep or by the stack itself. @param whose resource it is. @param given settings of its stack */
export function judge(
  policy: ResourceValidationPolicy | readonly ResourceValidationPolicy[],
  type: string,
  props: object,
  whose: "ours" | "anyone" = "ours",
  given: Record<string, unknown> = {},
): Verdict[] {
  const component: Resource = { type: "upkeep:backup:PostgresBackup", name: "orders", props: {} };
  const stack = [component, { type, name: "nightly", props, ...(whose === "ours" && { parent: component.name }) }];
  return verdicts(policy, stack, given).filter(({ urn }) => urn.endsWith("::nightly"));
}

/** What a policy, or each of several, says of a stack. */
export function judgeStack(
  policy: StackValidationPolicy | readonly StackValidationPolicy[],
  stack: StackResource[],
): Verdict[] {
  return verdicts(policy, stack);
}

function verdicts(
  policy: Policy | readonly Policy[],
  stack: Resource[],
  given: Record<string, unknown> = {},
): Verdict[] {
  const policies = [policy].flat();
  const levels = new Map(policies.map(({ name, enforcementLevel }) => [name, enforcementLevel]));
  const config = Object.fromEntries(policies.map(({ name }) => [name, given]));
  return judgeAll(stack, { policies, config }).map((report) => verdict(report, levels.get(report.policy)));
}

function verdict({ urn, message, faults, level }: Report, own: string | undefined): Verdict {
  return {
    ...{ urn, message },
    faults: faults.length > 0 ? [...faults] : undefined,
    enforcementLevel: level === own ? undefined : level,
  };
}

/** The faults that a policy found. */
export function faultsOf(
  policy: ResourceValidationPolicy,
  type: string,
  props: object,
  given?: Record<string, unknown>,
): Fault[] {
  return judge(policy, type, props, "ours", given).flatMap(({ faults }) => faults ?? []);
}

/** Kind and place of what a policy found. */
export function found(policy: ResourceValidationPolicy, type: string, props: object, given?: Record<string, unknown>) {
  return refused(faultsOf(policy, type, props, given));
}

/** All texts of a policy, which must hold nothing secret. */
export function texts(policy: ResourceValidationPolicy, type: string, props: object): string {
  return judge(policy, type, props)
    .map(({ message }) => message)
    .join("\n");
}

/** Whether a policy says that it could not judge: a violation, but of no fault. */
export function isUnjudged({ faults, enforcementLevel }: Verdict): boolean {
  return faults === undefined && enforcementLevel === undefined;
}

/** The paths that a policy names as not known before the update. */
export function unknownIn(verdicts: readonly Verdict[]): string[] {
  return verdicts
    .filter(({ faults, enforcementLevel }) => faults === undefined && enforcementLevel === "advisory")
    .flatMap(({ message }) => message.split("\n")[0]?.split(": ").at(-1)?.replace(/\.$/, "").split(", ") ?? []);
}
