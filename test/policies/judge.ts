import * as sdk from "@pulumi/policy";
import type { Fault } from "../../domain/values/fault.ts";
import { refused } from "../support/refused.ts";

export interface Verdict {
  message: string;
  /** What was found; undefined where the policy could not judge. */
  faults?: Fault[];
  enforcementLevel?: string | undefined;
}

/** How the engine sends a text that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const { unknownCheckingProxy } = sdk as unknown as { unknownCheckingProxy: <T extends object>(value: T) => T };

/** In a component of Upkeep's own, and in the stack itself. */
const chains = { ours: "upkeep:backup:PostgresBackup$", anyone: "" };

/** Runs a policy on a resource as the SDK does, with the proxy that throws when something unknown is read. @param whose resource it is */
export function judge(
  policy: sdk.ResourceValidationPolicy,
  type: string,
  props: object,
  whose: keyof typeof chains = "ours",
): Verdict[] {
  const verdicts: Verdict[] = [];
  const args = {
    type,
    props: unknownCheckingProxy(props),
    name: "nightly",
    urn: `urn:pulumi:prod::shop::${chains[whose]}${type}::nightly`,
    opts: whose === "ours" ? { parent: "urn:pulumi:prod::shop::upkeep:backup:PostgresBackup::orders" } : {},
  };
  const validate = policy.validateResource as unknown as (args: unknown, report: (verdict: Verdict) => void) => void;
  validate(args, (verdict) => verdicts.push(verdict));
  return verdicts;
}

/** The faults that a policy found. */
export function faultsOf(policy: sdk.ResourceValidationPolicy, type: string, props: object): Fault[] {
  return judge(policy, type, props).flatMap(({ faults }) => faults ?? []);
}

/** Kind and place of what a policy found. */
export function found(policy: sdk.ResourceValidationPolicy, type: string, props: object) {
  return refused(faultsOf(policy, type, props));
}

/** All texts of a policy, which must hold nothing secret. */
export function texts(policy: sdk.ResourceValidationPolicy, type: string, props: object): string {
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

/** A resource of a stack, as its provider gave it back. */
export interface StackResource {
  type: string;
  name: string;
  props: object;
  /** Name of the component that made it. */
  parent?: string;
  /** Names of the resources that a property's value comes from. */
  from?: Record<string, string[]>;
}

/** Runs a stack policy on a stack as the SDK does. */
export function judgeStack(policy: sdk.StackValidationPolicy, stack: StackResource[]): StackVerdict[] {
  const resources = new Map(
    stack.map(({ type, name, props }) => {
      const urn = `urn:pulumi:prod::shop::${type}::${name}`;
      const opts = { parent: undefined, protect: false };
      return [
        name,
        { type, name, urn, opts, props: unknownCheckingProxy(props), dependencies: [], propertyDependencies: {} },
      ] as const;
    }),
  );
  const named = (name: string) => {
    const resource = resources.get(name);
    if (!resource) throw new Error(`the stack has no ${name}`);
    return resource;
  };
  for (const { name, parent, from = {} } of stack) {
    const propertyDependencies = Object.fromEntries(
      Object.entries(from).map(([property, names]) => [property, names.map(named)]),
    );
    Object.assign(named(name), { ...(parent && { parent: named(parent) }), propertyDependencies });
  }
  const verdicts: StackVerdict[] = [];
  const validate = policy.validateStack as unknown as (args: unknown, report: (verdict: StackVerdict) => void) => void;
  validate({ resources: [...resources.values()] }, (verdict) => verdicts.push(verdict));
  return verdicts;
}

export interface StackVerdict extends Verdict {
  urn: string;
}
