import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { known } from "./unknownPath.ts";

type Resource = ResourceValidationArgs | PolicyResource;

/** Whether a resource is ours: created by a component of Upkeep, or with a label or a tag of ours, by which its owners ask for the house's rules. */
export function isOurs({ urn, props }: Resource): boolean {
  const [, , types = ""] = urn.split("::");
  return types.split("$").some((type) => type.startsWith("upkeep:")) || labelsOf(props).some(isOurLabel);
}

function isOurLabel(name: string): boolean {
  return name.startsWith("upkeep/");
}

/** Names of a Kubernetes object's labels, and of a cloud resource's tags. */
function labelsOf(props: Record<string, unknown>): string[] {
  const labels = known(() => (props.metadata as { labels?: unknown } | undefined | null)?.labels);
  const tags = known(() => props.tags);
  return [labels, tags].flatMap((map) => (typeof map === "object" && map !== null ? Object.keys(map) : []));
}
