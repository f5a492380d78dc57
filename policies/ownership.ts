import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { known } from "./unknownPath.ts";

type Resource = ResourceValidationArgs | PolicyResource;

/** Whether a resource is ours: created by a component of Upkeep, or with a label of ours, by which its owners ask for the house's rules. */
export function isOurs({ urn, props }: Resource): boolean {
  const [, , types = ""] = urn.split("::");
  return types.split("$").some((type) => type.startsWith("upkeep:")) || labelsOf(props).some(isOurLabel);
}

function isOurLabel(name: string): boolean {
  return name.startsWith("upkeep/");
}

function labelsOf(props: Record<string, unknown>): string[] {
  const labels = known(() => (props.metadata as { labels?: unknown } | undefined | null)?.labels);
  return typeof labels === "object" && labels !== null ? Object.keys(labels) : [];
}
