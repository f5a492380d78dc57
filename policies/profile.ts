import type { Rule } from "./rule.ts";

/** How much of the pack a stack follows, from the key `all` of its configuration. */
export const profiles = ["core", "house", "brownfield"] as const;

export type Profile = (typeof profiles)[number];

/**
 * What a fault of a resource means.
 *
 * @param ours whether the resource is ours (ownership.ts)
 * @returns `ignore` where the rule does not judge the resource at all
 */
export function effectOf({ blocks, house }: Rule, ours: boolean, profile: Profile): "block" | "advise" | "ignore" {
  if (house && !ours) return "ignore";
  if (house) return profile === "house" ? "block" : "advise";
  if (ours) return "block";
  return blocks === "all" && profile !== "brownfield" ? "block" : "advise";
}
