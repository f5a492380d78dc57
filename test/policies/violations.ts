import type { Resource } from "../../policies/testing.ts";
import { judgeStack } from "../../policies/testing.ts";
import type { Registered } from "../components/resources.ts";

/** All that the policy pack says of resources, one by one and as a stack. */
export function violations(resources: readonly Registered[]): string[] {
  return judgeStack(resources.map(resourceOf)).map(({ message }) => message);
}

/** A resource that a program registered, for the policies. Names are unique within a type alone. */
export function resourceOf({ type, qualifiedType, name, inputs, protect }: Registered): Resource {
  return {
    type,
    name: `${name} ${type}`,
    props: inputs,
    protect,
    ours: qualifiedType.includes("upkeep:"),
  };
}
