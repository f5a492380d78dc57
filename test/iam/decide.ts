import assert from "node:assert/strict";
import { runSimulation } from "@cloud-copilot/iam-simulate";
import { type Case, places, principals } from "./cases.ts";
import { defaultKeyPolicy, everything, type Policy } from "./rendered.ts";

/** Names of the policies that decide a case: the principal's, and those on the resource. */
export function decidedBy({ who, on }: Case): string[] {
  const policy = principals[who].policy;
  return [policy, placeOf(on).policy].filter((name) => name !== undefined);
}

/** Whether IAM, as the simulator knows it, allows what a case asks for. */
export async function decide({ who, action, on, given }: Case, policies: Record<string, Policy>): Promise<boolean> {
  const { arn: principal, policy: own } = principals[who];
  const { arn, account, policy: onResource } = placeOf(on);
  const all: Record<string, Policy> = { ...policies, everything, defaultKey: defaultKeyPolicy };
  const [, ...key] = on.split("/");
  const simulation = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource: [arn, ...key].join("/"), accountId: account },
        contextVariables: { "aws:SecureTransport": "true", ...caller(principal), ...given },
      },
      identityPolicies: own ? [{ name: own, policy: all[own] }] : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(onResource && { resourcePolicy: all[onResource] }),
    },
    {},
  );
  const asked = `${who} ${action} ${on}`;
  if (simulation.resultType !== "single") {
    throw new Error(`${asked}: ${JSON.stringify(simulation.resultType === "error" ? simulation.errors : simulation)}`);
  }
  // The simulator would ignore a key that the action does not have, and the case would prove nothing.
  assert.deepEqual(simulation.result.ignoredContextKeys ?? [], [], asked);
  return simulation.overallResult === "Allowed";
}

/** What IAM adds to each request by a role. */
function caller(principal: string): Record<string, string> {
  const account = principal.split(":")[4];
  return account === undefined ? {} : { "aws:PrincipalArn": principal, "aws:PrincipalAccount": account };
}

function placeOf(on: string) {
  const place = on.split("/")[0] as keyof typeof places;
  assert.ok(places[place], on);
  return places[place];
}
