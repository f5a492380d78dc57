/** Labels that identify Upkeep's objects and their service. */
export function labels(
  service: string,
  facts: { job?: string; datastore?: string; onDemand?: boolean } = {},
): Record<string, string> {
  return {
    "app.kubernetes.io/managed-by": "upkeep",
    "app.kubernetes.io/part-of": service,
    ...(facts.job && { "upkeep/job": facts.job }),
    ...(facts.datastore && { "upkeep/datastore": facts.datastore }),
    ...(facts.onDemand && { "upkeep/on-demand": "true" }),
  };
}
