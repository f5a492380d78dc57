/** Metadata that the API server maintains. */
const bookkeeping = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp"];

/** The paths at which an object would differ, such as `spec.template.spec.containers[0].image`; no values. */
export function changedPaths(before: object, after: object): string[] {
  return differing(told(before), told(after), "");
}

function told(object: object): object {
  const { status: _, metadata, ...rest } = object as { status?: unknown; metadata: Record<string, unknown> };
  return {
    ...rest,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !bookkeeping.includes(key))),
  };
}

function differing(before: unknown, after: unknown, path: string): string[] {
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    return before === after ? [] : [path];
  }
  const fields = before as Record<string, unknown>;
  const others = after as Record<string, unknown>;
  return [...new Set([...Object.keys(fields), ...Object.keys(others)])].flatMap((key) =>
    differing(fields[key], others[key], inside(path, key, Array.isArray(before))),
  );
}

function isTree(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function inside(path: string, key: string, list: boolean): string {
  if (list) return `${path}[${key}]`;
  if (!/^[\w-]+$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
