/**
 * Changes one value of an object, making the objects on the way.
 *
 * @param path such as `spec.containers.0.image`
 * @param value undefined removes
 */
export function set<T extends object>(object: T, path: string, value: unknown): T {
  const keys = path.split(".");
  const last = keys.pop() as string;
  let owner = object as Record<string, unknown>;
  for (const key of keys) {
    owner[key] ??= {};
    owner = owner[key] as Record<string, unknown>;
  }
  if (value === undefined) delete owner[last];
  else owner[last] = value;
  return object;
}
