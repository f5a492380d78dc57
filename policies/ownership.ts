import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { known } from "./unknownPath.ts";

type Resource = Pick<ResourceValidationArgs | PolicyResource, "urn" | "props">;

/** Whether a resource is ours: created by a component of Upkeep, or with a label or a tag of ours, by which its owners ask for the house's rules. */
export function isOurs({ urn, props }: Resource): boolean {
  const [, , types = ""] = urn.split("::");
  return types.split("$").some((type) => type.startsWith("upkeep:")) || isLabelled(props);
}

/** Labels of an object or of one in a List, or tags in AWS. */
function isLabelled(props: unknown): boolean {
  const labels = [inside(inside(props, "metadata"), "labels"), inside(props, "tags")];
  if (labels.some((found) => keysOf(found).some((name) => name.startsWith("upkeep/")))) return true;
  const items = inside(props, "items");
  return Array.isArray(items) && keysOf(items).some((index) => isLabelled(inside(items, index)));
}

/** A value inside another one; undefined if either is unknown. */
function inside(value: unknown, key: string): unknown {
  return known(() => (value as Record<string, unknown> | null | undefined)?.[key]);
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}
