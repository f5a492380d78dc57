import { isObject, type Properties } from "../values.ts";
import { type Api, ApiError } from "./api.ts";
import type { KubernetesObject, ManagedFields } from "./objects.ts";

/** The name under which the vendor creates an object, whichever resource it is for. */
export const CREATOR = "pulumi-kubernetes";

/** Whose fields the vendor makes its own before it applies: its own creations', and what was done with kubectl by hand. */
const ADOPTED = [
  { prefix: CREATOR, operations: ["Update"] },
  { prefix: "kubectl", operations: ["Apply", "Update"] },
  { prefix: "before-first-apply", operations: ["Update"] },
];

const ATTEMPTS = 5;

/**
 * Makes the manager the owner, by apply, of what it created and of what was changed with kubectl. An object is created by a plain POST,
 * which makes its creator the owner by "Update": for server-side apply another one, whose fields it could neither change nor remove.
 */
export async function adoptFields(api: Api, path: string, manager: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { metadata } = await api.call("GET", path);
    const before = metadata.managedFields ?? [];
    const managedFields = adopted(before, manager);
    if (managedFields === before) return;
    const body = { metadata: { resourceVersion: metadata.resourceVersion, managedFields } };
    try {
      await api.call("PATCH", path, { body, contentType: "application/merge-patch+json" });
    } catch (error) {
      // A controller wrote in between: what it owns now must be seen before the record is rewritten.
      if (!(error instanceof ApiError) || error.reason !== "Conflict" || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Whether the object's creator owns fields that its next update will adopt: until then the vendor's previews take over every conflict. */
export function isAsCreated({ metadata }: KubernetesObject): boolean {
  return (metadata.managedFields ?? []).some(({ manager, operation }) => manager === CREATOR && operation === "Update");
}

function adopted(entries: ManagedFields[], manager: string): ManagedFields[] {
  const takenOver = entries.filter((entry) => isAdopted(entry, manager));
  const newest = takenOver.at(-1);
  if (newest === undefined) return entries;
  const own = entries.find((entry) => entry.manager === manager && entry.operation === "Apply" && !entry.subresource);
  const fieldsV1 = [...takenOver, ...(own ? [own] : [])].map((entry) => entry.fieldsV1).reduce(union);
  const rest = entries.filter((entry) => entry !== own && !takenOver.includes(entry));
  return [...rest, { ...newest, manager, operation: "Apply", fieldsV1 }];
}

function isAdopted(entry: ManagedFields, manager: string): boolean {
  if (entry.subresource || (entry.manager === manager && entry.operation === "Apply")) return false;
  return ADOPTED.some(
    ({ prefix, operations }) => entry.manager.startsWith(prefix) && operations.includes(entry.operation),
  );
}

function union(a: Properties, b: Properties): Properties {
  const result = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const other = result[key];
    result[key] = isObject(other) && isObject(value) ? union(other, value) : value;
  }
  return result;
}
