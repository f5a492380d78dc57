import { z } from "zod";
import { formatPath, type Path } from "../changes.ts";
import type { Failure } from "../provider.ts";
import { hasUnknown, isObject, type Properties, UNKNOWN } from "../values.ts";

const tagKey = z.string().min(1).max(128);

export const tags = z.record(tagKey, z.string().max(256)).optional();

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName = z
  .string()
  .min(3)
  .max(63)
  .regex(
    /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
    "must be lower-case letters, digits, dots and hyphens, between letters or digits",
  )
  .refine((name) => !name.includes(".."), "must not have two dots in a row")
  .refine((name) => !/^\d+\.\d+\.\d+\.\d+$/.test(name), "must not look like an IP address")
  .refine((name) => !/^(xn--|sthree-|amzn-s3-demo-)/.test(name), "must not begin with a prefix that S3 reserves")
  .refine(
    (name) => !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name),
    "must not end with a suffix that S3 reserves",
  );

/** JSON text, or the object that the vendor's plugin makes JSON of. */
export const policyDocument = z.preprocess(
  (value) => (isObject(value) ? JSON.stringify(value) : value),
  z.string().superRefine((text, context) => {
    try {
      const document: unknown = JSON.parse(text);
      if (isObject(document) && document.Statement !== undefined) return;
      context.addIssue({ code: "custom", message: "must be a policy document: a JSON object with a Statement" });
    } catch (error) {
      context.addIssue({ code: "custom", message: `is not JSON: ${(error as Error).message}` });
    }
  }),
);

export function wholeNumber(least: number, most: number) {
  return z.number().int().min(least).max(most);
}

/**
 * Checks arguments, and fills in defaults. What is unknown passes: it is checked when it is known.
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
  return [{ path, reason: `is required by ${whose}, which invents no names and has no other default for it` }];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (at === UNKNOWN ? UNKNOWN : (at as Properties | undefined)?.[step]), value);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
