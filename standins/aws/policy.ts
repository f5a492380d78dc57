import { isObject } from "../values.ts";

/**
 * The old spelling of a policy document where the new one means the same: AWS gives documents back in another order, with
 * lists of one as their element.
 */
export function respellPolicy(before: unknown, value: unknown): unknown {
  return typeof before === "string" && typeof value === "string" && samePolicy(before, value) ? before : value;
}

export function samePolicy(one: string, other: string): boolean {
  const canonicalOne = canonical(one);
  return canonicalOne !== undefined && canonicalOne === canonical(other);
}

function canonical(text: string): string | undefined {
  try {
    return JSON.stringify(normalise(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

/** Statements, actions and resources are sets; `"Principal": "*"` is `{"AWS": "*"}`. */
function normalise(value: unknown, key?: string): unknown {
  if (key === "Principal" && value === "*") return { AWS: "*" };
  if (Array.isArray(value)) {
    const items = value.map((item) => normalise(item));
    return items.length === 1 ? items[0] : items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (!isObject(value)) return typeof value === "boolean" || typeof value === "number" ? String(value) : value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((name) => [name, normalise(value[name], name)]));
}
