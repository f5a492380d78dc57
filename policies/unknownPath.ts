import * as policy from "@pulumi/policy";

interface UnknownValueError extends Error {
  /** Keys that lead to the value. */
  props: string[];
}

// Exported, but left out of the SDK's types.
const { UnknownValueError } = policy as unknown as { UnknownValueError: new () => UnknownValueError };

/** Path of the value that a preview does not know yet, such as `spec.containers[0].image`; undefined for any other error. */
export function unknownPath(error: unknown): string | undefined {
  if (!(error instanceof UnknownValueError)) return undefined;
  return error.props
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}
