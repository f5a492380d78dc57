import type { V1LabelSelector, V1LabelSelectorRequirement } from "@kubernetes/client-node";

/**
 * Whether a selector selects an object with these labels. All that it requires must hold, so an empty one selects everything;
 * NotIn holds for an object without the label too. Source: kubernetes.io/docs/concepts/overview/working-with-objects/labels.
 *
 * @param selector undefined where the object has none: it selects nothing, as policy/v1 and apps/v1 say
 * @throws RangeError for an operator that Kubernetes does not know
 */
export function selects(selector: V1LabelSelector | undefined, labels: Record<string, string>): boolean {
  if (selector === undefined) return false;
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    matchExpressions.every((requirement) => holds(requirement, labels))
  );
}

function holds({ key, operator, values = [] }: V1LabelSelectorRequirement, labels: Record<string, string>): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      throw new RangeError(`"${operator}" is not an operator of a label selector`);
  }
}
