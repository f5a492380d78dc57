import { closest, distance } from "fastest-levenshtein";
import { z } from "zod";
import type { Refusal } from "./schema.ts";

/** A mistake in a value, before it becomes a fault of a declaration or of a stack's settings. */
export interface Finding {
  code: "unknown-key" | "missing" | "not-allowed";
  path: PropertyKey[];
  /** The present value; undefined if it is missing. */
  got: string | undefined;
  allowed: string;
  /** How to fix it, if the field's schema says so. */
  fix?: string;
  /** The known word that is nearest to the written one. */
  near?: string;
  /** The expected schema; undefined for an unknown key. */
  expected?: z.ZodType;
}

/** All mistakes that a schema finds in a value. No text is zod's. */
export function findings(schema: z.ZodType, value: unknown): Finding[] {
  // Compiling a parser takes longer than parsing the few values of a run.
  const result = schema.safeParse(value, { jitless: true });
  return result.success ? [] : result.error.issues.flatMap((issue) => found(schema, value, issue, []));
}

function found(schema: z.ZodType, value: unknown, issue: z.core.$ZodIssue, before: PropertyKey[]): Finding[] {
  const path = [...before, ...issue.path];
  // Its kind is unknown: the word of every kind is allowed.
  const kinds =
    issue.code === "invalid_union" && issue.errors.length === 0 && "options" in issue ? issue.options : undefined;
  const expected = kinds ? z.enum((kinds as string[]).map(String)) : schemaAt(schema, value, path);
  const actual = valueAt(value, path);
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(expected, actual, path, key));
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branch = branchOf(expected, actual);
    const issues = branch === undefined ? undefined : issue.errors[branch];
    if (issues) return issues.flatMap((one) => found(schema, value, one, path));
  }
  const { allowed, fix } = factsOf(expected);
  const refusal = issue.code === "custom" ? (issue.params?.refusal as Refusal | undefined) : undefined;
  const words = wordsOf(expected);
  const near = typeof actual === "string" ? nearest(actual, words) : undefined;
  return [
    {
      ...(actual === undefined ? ({ code: "missing" } as const) : ({ code: "not-allowed" } as const)),
      path,
      got: shownValue(actual, expected),
      allowed,
      expected,
      ...(fix && { fix }),
      ...(near && { near: JSON.stringify(near) }),
      ...refusal,
    },
  ];
}

function unknownKey(expected: z.ZodType, actual: unknown, path: PropertyKey[], key: string): Finding {
  const known = keysOf(expected);
  const near = nearest(key, known);
  return {
    code: "unknown-key",
    path: [...path, key],
    got: shownValue(valueAt(actual, [key])) ?? "undefined",
    allowed: `no such key; known are ${known.join(", ")}`,
    ...(near && { near }),
  };
}

/** The known word that a person most likely meant; undefined if no word is near. */
export function nearest(word: string, known: string[]): string | undefined {
  if (known.length === 0) return undefined;
  const near = closest(word, known);
  return distance(word.toLowerCase(), near.toLowerCase()) <= Math.ceil(word.length / 3) ? near : undefined;
}

/** A value as a refusal may show it. A long text, or one where an object belongs, may be a secret in the wrong place. */
export function shownValue(value: unknown, expected?: z.ZodType): string | undefined {
  if (value === undefined) return undefined;
  const written = JSON.stringify(value) ?? typeof value;
  if (typeof value === "string") {
    const belongs =
      expected === undefined ||
      isSourced(expected) ||
      !["object", "union", "record"].includes(definitionOf(expected).type);
    return belongs && value.length <= 80 && !/:\/\/[^/]*@/.test(value) ? written : `${value.length} characters`;
  }
  if (written.length <= 80) return written;
  return Array.isArray(value) ? `a list of ${value.length}` : "an object";
}

type Definition = z.core.$ZodTypes["_zod"]["def"];

/** The schema inside its wrappers, such as optional and default. */
function bare(schema: z.ZodType): z.ZodType {
  const def = (schema as unknown as z.core.$ZodTypes)._zod.def as Definition;
  return "innerType" in def ? bare(def.innerType as z.ZodType) : schema;
}

export function definitionOf(schema: z.ZodType): Definition {
  return (bare(schema) as unknown as z.core.$ZodTypes)._zod.def as Definition;
}

/** A schema's `meta`; the outermost value counts. */
export function metaOf(schema: z.ZodType): z.core.GlobalMeta {
  const def = (schema as unknown as z.core.$ZodTypes)._zod.def as Definition;
  const inner = "innerType" in def ? metaOf(def.innerType as z.ZodType) : {};
  return { ...inner, ...z.globalRegistry.get(schema) };
}

/** The allowed values, in words, and how to fix others. */
export function factsOf(schema: z.ZodType): { allowed: string; fix?: string } {
  const { allowed, fix, sourced } = metaOf(schema) as { allowed?: string; fix?: string; sourced?: boolean };
  const said = { allowed: allowed ?? allowedBy(schema), ...(fix && { fix }) };
  return sourced ? { ...said, allowed: `guide(…) or assumed(…) of ${factsOf(sourcedValue(schema)).allowed}` } : said;
}

function allowedBy(schema: z.ZodType): string {
  const def = definitionOf(schema);
  switch (def.type) {
    case "string":
      return "a text";
    case "boolean":
      return "true or false";
    case "enum":
    case "literal":
      return wordsOf(schema).join(", ");
    case "array":
      return `a list, each ${factsOf(def.element as z.ZodType).allowed}`;
    case "record":
      return `names, each with ${factsOf(def.valueType as z.ZodType).allowed}`;
    case "object":
      return `{ ${keysOf(schema).join(", ")} }`;
    case "union":
      return (def.options as z.ZodType[]).map(allowedBy).join(" or ");
    default:
      return def.type;
  }
}

/** An example of an allowed value, as it is written in a declaration. */
export function exampleOf(schema: z.ZodType): string {
  const { examples, sourced } = metaOf(schema) as { examples?: unknown[]; sourced?: boolean };
  if (sourced) return `assumed(${exampleOf(sourcedValue(schema))})`;
  if (examples) return written(examples[0]);
  const def = definitionOf(schema);
  switch (def.type) {
    case "enum":
      return written(Object.values(def.entries)[0]);
    case "literal":
      return written(def.values[0]);
    case "boolean":
      return "true";
    case "array":
      return `[${exampleOf(def.element as z.ZodType)}]`;
    case "record":
      return "{}";
    case "object": {
      const required = Object.entries(def.shape).filter(([, field]) => !isOptional(field as z.ZodType));
      const fields = required.map(([key, field]) => `${key}: ${exampleOf(field as z.ZodType)}`);
      return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
    }
    case "union":
      return exampleOf(def.options[0] as z.ZodType);
    default:
      return "…";
  }
}

export function isOptional(schema: z.ZodType): boolean {
  return (schema as unknown as z.core.$ZodTypes)._zod.optin !== undefined;
}

/** A value as people write it in TypeScript, and in YAML's flow style. */
export function written(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Object.keys(value).join() === "value,assumed") {
    const sourced = value as { value: unknown; assumed: boolean };
    return `${sourced.assumed ? "assumed" : "guide"}(${written(sourced.value)})`;
  }
  const fields = Object.entries(value).map(
    ([key, one]) => `${/^[A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key)}: ${written(one)}`,
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

/** Whether a schema is of `guide(…)` or `assumed(…)`: people write the call, not the keys of its result. */
export function isSourced(schema: z.ZodType): boolean {
  return metaOf(schema).sourced === true;
}

/** The schema of a sourced field's value. */
export function sourcedValue(schema: z.ZodType): z.ZodType {
  return step(schema, "value", undefined) as z.ZodType;
}

/** The schema at a path; of a union, the branch that the value there belongs to. */
export function schemaAt(schema: z.ZodType, value: unknown, path: PropertyKey[]): z.ZodType {
  let [at, actual]: [z.ZodType, unknown] = [schema, value];
  for (const key of path) {
    at = step(at, key, actual) ?? z.unknown();
    actual = valueAt(actual, [key]);
  }
  const branch = branchOf(at, actual);
  const def = definitionOf(at);
  return branch === undefined || def.type !== "union" || !("discriminator" in def)
    ? at
    : (def.options[branch] as z.ZodType);
}

function step(schema: z.ZodType, key: PropertyKey, value: unknown): z.ZodType | undefined {
  const def = definitionOf(schema);
  switch (def.type) {
    case "object":
      return def.shape[key as string] as z.ZodType | undefined;
    case "array":
      return def.element as z.ZodType;
    case "record":
      return def.valueType as z.ZodType;
    case "union": {
      const branch = branchOf(schema, value);
      const options = def.options as z.ZodType[];
      if (branch !== undefined) return step(options[branch] as z.ZodType, key, value);
      return options.map((option) => step(option, key, value)).find((found) => found !== undefined);
    }
    default:
      return undefined;
  }
}

/** The branch of a union that a value belongs to: by its discriminator, or the one that has all of the value's known keys. */
function branchOf(schema: z.ZodType, value: unknown): number | undefined {
  const def = definitionOf(schema);
  if (def.type !== "union" || typeof value !== "object" || value === null) return undefined;
  const options = def.options as z.ZodType[];
  if ("discriminator" in def && def.discriminator) {
    const key = def.discriminator as string;
    const index = options.findIndex((option) =>
      wordsOf(step(option, key, value)).includes((value as Record<string, string>)[key] ?? ""),
    );
    return index < 0 ? undefined : index;
  }
  const known = Object.keys(value).filter((key) => options.some((option) => keysOf(option).includes(key)));
  if (known.length === 0) return undefined;
  const fitting = options.flatMap((option, index) =>
    known.every((key) => keysOf(option).includes(key)) ? [index] : [],
  );
  return fitting[0];
}

/** The allowed words of an enumeration. */
function wordsOf(schema: z.ZodType | undefined): string[] {
  const def = schema && definitionOf(schema);
  if (def?.type === "enum") return Object.values(def.entries).map(String);
  if (def?.type === "literal") return def.values.map(String);
  return [];
}

export function keysOf(schema: z.ZodType): string[] {
  const def = definitionOf(schema);
  if (def.type === "object") return Object.keys(def.shape);
  if (def.type === "record") return wordsOf(def.keyType as z.ZodType);
  return [];
}

export function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | null | undefined)?.[key], value);
}
