import * as sdk from "@pulumi/policy";

export interface Verdict {
  message: string;
  enforcementLevel?: string | undefined;
}

/** How the engine sends a text that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const { unknownCheckingProxy } = sdk as unknown as { unknownCheckingProxy: <T extends object>(value: T) => T };

/** Runs a policy on a resource as the SDK does, with the proxy that throws when something unknown is read. */
export function judge(policy: sdk.ResourceValidationPolicy, type: string, props: object): Verdict[] {
  const verdicts: Verdict[] = [];
  const args = {
    type,
    props: unknownCheckingProxy(props),
    name: "nightly",
    urn: `urn:pulumi:prod::shop::upkeep:backup:PostgresBackup$${type}::nightly`,
    opts: { parent: "urn:pulumi:prod::shop::upkeep:backup:PostgresBackup::orders" },
  };
  const validate = policy.validateResource as unknown as (args: unknown, report: (verdict: Verdict) => void) => void;
  validate(args, (verdict) => verdicts.push(verdict));
  return verdicts;
}

/** Messages only, for when the level is not the question. */
export function messages(policy: sdk.ResourceValidationPolicy, type: string, props: object): string[] {
  return judge(policy, type, props).map(({ message }) => message);
}
