/** An object of plain JSON values, as a program gave it or an API returned it. */
export type Properties = Record<string, unknown>;

/** What the engine sends, and expects back, for a value that is not known before `up`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Secrets shorter than this are not looked for in messages: "a" would blacken every word. */
const SHORTEST_REDACTED = 4;

/** Marks an output or input secret: it is encrypted in the state and hidden on the screen. */
export function secret(value: unknown): Properties {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isObject(value)) return Object.values(value).some(hasUnknown);
  return value === UNKNOWN;
}

/** The same value without the marks that {@link secret} sets. */
export function reveal<T>(value: T): T;
export function reveal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reveal);
  if (isSecret(value)) return reveal(value.value);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, reveal(item)]));
  return value;
}

/**
 * Marks in `values` what is secret in `marked`, key by key. Where a list of `marked` holds a secret the whole list becomes
 * one: an API may return it in another order.
 */
export function markLike(values: Properties, marked: Properties): Properties {
  const entries = Object.entries(values).map(([key, value]) => {
    const like = marked[key];
    if (isSecret(value) || !hasSecret(like)) return [key, value];
    return [key, isObject(value) && isObject(like) && !isSecret(like) ? markLike(value, like) : secret(value)];
  });
  return Object.fromEntries(entries);
}

/** Replaces every secret of `marked` by `[secret]`, also where the text has it as JSON or base64. */
export function redact(text: string, marked: unknown): string {
  const spellings = [...secretLeaves(marked, false)]
    .filter((leaf) => leaf.length >= SHORTEST_REDACTED)
    .flatMap((leaf) => [leaf, JSON.stringify(leaf).slice(1, -1), Buffer.from(leaf).toString("base64")])
    .sort((a, b) => b.length - a.length);
  return spellings.reduce((redacted, spelling) => redacted.replaceAll(spelling, "[secret]"), text);
}

function* secretLeaves(value: unknown, inside: boolean): Generator<string> {
  if (isSecret(value)) yield* secretLeaves(value.value, true);
  else if (Array.isArray(value)) for (const item of value) yield* secretLeaves(item, inside);
  else if (isObject(value)) for (const item of Object.values(value)) yield* secretLeaves(item, inside);
  else if (inside && value !== null && value !== undefined && value !== UNKNOWN) yield String(value);
}

function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSecret);
  return isSecret(value) || (isObject(value) && Object.values(value).some(hasSecret));
}

function isSecret(value: unknown): value is Properties {
  return isObject(value) && value[SIGNATURE] === SECRET;
}
