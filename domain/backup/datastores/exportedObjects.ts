/** The contents of an export of objects, in numbers: `3 ConfigMaps, 1 Deployments`. @param manifest with the count of each kind */
export function exportedObjects({ objects }: { objects: { kind: string; count: number }[] }): string {
  return objects.map(({ kind, count }) => `${count} ${kind}s`).join(", ");
}
