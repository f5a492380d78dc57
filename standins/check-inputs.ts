import type { z } from "zod";
import { formatPath, type Path } from "./changes.ts";
import type { Failure } from "./provider.ts";
import { hasUnknown, isObject, type Properties, UNKNOWN } from "./values.ts";

/**
 * Checks arguments, and fills in defaults. Unknown values pass: they are checked when they are known.
 *
 * @param whose what refuses an argument that is not in the schema
 */
export function checkInputs(
  schema: z.ZodObject,
  inputs: Properties,
  whose: string,
): { inputs: Properties; failures: Failure[] } {
  const parsed = schema.safeParse(inputs);
  const failures = (parsed.error?.issues ?? []).flatMap((issue) => explain(issue, inputs, whose));
  return { inputs: parsed.success ? parsed.data : withKnownDefaults(schema, inputs), failures };
}

function withKnownDefaults(schema: z.ZodObject, inputs: Properties): Properties {
  const entries = Object.entries<z.ZodType>(schema.shape).flatMap(([key, property]) => {
    const value = inputs[key];
    const parsed = hasUnknown(value) ? undefined : property.safeParse(value);
    const known = parsed?.success ? parsed.data : value;
    return known === undefined ? [] : [[key, known]];
  });
  return Object.fromEntries(entries);
}

function explain(issue: z.core.$ZodIssue, inputs: Properties, whose: string): Failure[] {
  const value = valueAt(inputs, issue.path as Path);
  if (value === UNKNOWN) return [];
  const path = formatPath(issue.path as Path);
  const got = value === undefined || isObject(value) || Array.isArray(value) ? "" : `; got ${JSON.stringify(value)}`;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: formatPath([...(issue.path as Path), key]),
        reason: `is not supported by ${whose}; use the vendor's plugin for it`,
      }));
    case "invalid_value":
      if (value === undefined) break;
      return [
        { path, reason: `must be one of ${issue.values.map((allowed) => JSON.stringify(allowed)).join(", ")}${got}` },
      ];
    case "invalid_type":
      if (value === undefined) break;
      return [{ path, reason: `must be a ${issue.expected}${got}` }];
    default:
      // A policy document is too long to quote, and its own message says where it fails.
      return [{ path, reason: issue.code === "custom" ? issue.message : `${lowerFirst(issue.message)}${got}` }];
  }
  return [{ path, reason: `is required by ${whose}, which generates no names and has no other default for it` }];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (at === UNKNOWN ? UNKNOWN : (at as Properties | undefined)?.[step]), value);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
