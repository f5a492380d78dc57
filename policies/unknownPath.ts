import * as policy from "@pulumi/policy";

interface UnknownValueError extends Error {
  /** Path of the value, as keys. */
  props: string[];
}

// Exported, but missing in the SDK's types.
const { UnknownValueError } = policy as unknown as {
  UnknownValueError: new (sentinel: string, props: string[]) => UnknownValueError;
};

/** The engine's representation of an unknown text. */
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The error that the SDK throws on reading an unknown value. @param keys path of the value */
export function notKnown(...keys: string[]): Error {
  return new UnknownValueError(UNKNOWN_TEXT, keys);
}

/** The value, or undefined if it is unknown. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return undefined;
    throw error;
  }
}

/** Reads, and prefixes the path of an unknown value. @param outer keys in front of the value's own */
export function readIn<T>(outer: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof UnknownValueError ? notKnown(outer, ...error.props) : error;
  }
}

/** Path of the value that a preview does not know yet, such as `spec.containers[0].image`; undefined for any other error. */
export function unknownPath(error: unknown): string | undefined {
  if (!(error instanceof UnknownValueError)) return undefined;
  return error.props
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}
