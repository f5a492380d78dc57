import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { policies } from "../../policies/policies.ts";
import type { Registered } from "../components/resources.ts";
import { judge, judgeStack } from "./judge.ts";

const ofResources = policies.filter((policy): policy is ResourceValidationPolicy => "validateResource" in policy);
const ofStacks = policies.filter((policy): policy is StackValidationPolicy => "validateStack" in policy);

/** All that the policy pack says of resources, one by one and as a stack. */
export function violations(resources: Registered[]): string[] {
  const single = resources.flatMap(({ type, inputs }) => ofResources.flatMap((policy) => judge(policy, type, inputs)));
  const stack = resources.map(({ type, name, inputs }) => ({ type, name, props: inputs }));
  return [...single, ...ofStacks.flatMap((policy) => judgeStack(policy, stack))].map(({ message }) => message);
}
