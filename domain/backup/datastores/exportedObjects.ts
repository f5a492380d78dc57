/** What an export of objects holds, in numbers: `3 ConfigMaps, 1 Deployments`. @param manifest with how many there are of each kind */
export function exportedObjects({ objects }: { objects: { kind: string; count: number }[] }): string {
  return objects.map(({ kind, count }) => `${count} ${kind}s`).join(", ");
}
