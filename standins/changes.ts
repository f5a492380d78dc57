import { isObject } from "./values.ts";

/** Steps from the root of a resource's inputs to one value. */
export type Path = readonly (string | number)[];

export interface Change {
  path: Path;
  kind: "add" | "delete" | "update";
}

/** The places where two values differ: the deepest that can be named, lists compared by position. */
export function changes(before: unknown, after: unknown, path: Path = []): Change[] {
  if (before === after) return [];
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => changes(before[index], after[index], [...path, index])).flat();
  }
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => changes(before[key], after[key], [...path, key]));
  }
  return [{ path, kind: "update" }];
}

/** As Pulumi writes a property path: `spec.containers[0].image`, `metadata.labels["app.kubernetes.io/name"]`. */
export function formatPath(path: Path): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[A-Za-z_$][\w$-]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return steps.join("").replace(/^\./, "");
}

/** Whether `path` is `prefix` or below it. `["spec", "selector"]` covers `spec.selector.matchLabels.app`. */
export function isWithin(path: Path, prefix: Path): boolean {
  return prefix.every((step, index) => path[index] === step);
}
