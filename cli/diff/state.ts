import { z } from "zod";
import { UNKNOWN } from "../../standins/values.ts";
import { nameOf, type Step } from "./steps.ts";

/** What `pulumi preview --save-plan` writes, as far as it is read; secrets are encrypted by the stack's passphrase. */
export const Plan = z.object({
  manifest: z.unknown(),
  resourcePlans: z.record(
    z.string(),
    z.object({
      goal: z
        .object({ inputDiff: z.object({ adds: z.record(z.string(), z.unknown()).optional() }).optional() })
        .optional(),
      state: z.record(z.string(), z.unknown()).nullish(),
    }),
  ),
});
export type Plan = z.infer<typeof Plan>;

/** What `pulumi stack import` reads. */
export interface Deployment {
  version: 3;
  deployment: {
    manifest: unknown;
    secrets_providers: { type: "passphrase"; state: { salt: string } };
    resources: Record<string, unknown>[];
  };
}

/** A provider's id, which no preview knows. */
const PROVIDER_ID = "00000000-0000-4000-8000-000000000000";

/**
 * The state that an `up` would have recorded, from its preview into nothing. The preview's JSON output has all resources in their order,
 * but secrets as `[secret]`, and no outputs: both come from the plan.
 *
 * @param ids of the resources that a provider named in the preview
 * @param salt of the stack's passphrase
 */
export function stateOf(steps: Step[], plan: Plan, ids: Map<string, string>, salt: string): Deployment {
  const resources = steps.flatMap(({ urn, newState }) => {
    if (!newState) return [];
    const { sourcePosition: _, stackTrace: __, ...state } = newState as Record<string, unknown> & typeof newState;
    const { goal, state: outputs } = plan.resourcePlans[urn] ?? {};
    const inputs = goal?.inputDiff?.adds ?? {};
    return [
      {
        ...state,
        ...(newState.custom && { id: idOf(newState, ids) }),
        ...(typeof state.provider === "string" && { provider: state.provider.replace(UNKNOWN, PROVIDER_ID) }),
        inputs,
        outputs: outputs ?? inputs,
      },
    ];
  });
  return {
    version: 3,
    deployment: { manifest: plan.manifest, secrets_providers: { type: "passphrase", state: { salt } }, resources },
  };
}

function idOf({ urn, type }: { urn: string; type: string }, ids: Map<string, string>): string {
  if (type.startsWith("pulumi:providers:")) return PROVIDER_ID;
  return ids.get(urn) ?? nameOf(urn);
}
