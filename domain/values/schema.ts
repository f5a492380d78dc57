import { z } from "zod";

/**
 * The fields of settings and declarations. Everything that describes a field reads its schema's `meta`:
 * refusals (schemaFaults.ts), docs/settings.md and docs/declaration.md, and the JSON schema for editors.
 */
declare module "zod" {
  interface GlobalMeta {
    /** The allowed values, in words. */
    allowed?: string;
    /** How to fix an invalid value. Default: an example. */
    fix?: string;
    /** Whether it is a value with its origin, written as `guide(…)` or `assumed(…)`. */
    sourced?: boolean;
    /**
     * The placeholder for an Output, which contains TOKEN and has the form of the field. Only texts that are passed on have one: any
     * other text must be known before anything exists.
     */
    passedOn?: string;
    /** The default, in words, if a constructor or the program sets it. */
    defaults?: string;
  }
}

/**
 * Sets a schema's `meta` in place. `meta` and `describe` clone the schema, which only a shared one needs: every preview builds all of
 * them.
 */
export function saying<T extends z.ZodType>(fresh: T, meta: z.core.GlobalMeta): T {
  z.globalRegistry.add(fresh, meta);
  return fresh;
}

/**
 * A string that matches `form`. Its TypeScript type may be narrower than what zod checks.
 *
 * @param allowed the form in words, such as "a namespace"
 * @param form default: any text that is not blank
 */
export function text<T extends string = string>(
  allowed: string,
  example: NoInfer<T>,
  form: RegExp | ((text: string) => boolean) = /\S/,
): z.ZodType<T, T> {
  const schema = form instanceof RegExp ? z.string().regex(form) : z.string().refine(form);
  return saying(schema, { allowed, examples: [example] }) as unknown as z.ZodType<T, T>;
}

/** A text that a function validates: it returns a fault without a path, or undefined for a valid text. */
export function judgedText<T extends string = string>(
  allowed: string,
  example: NoInfer<T>,
  judge: (text: string) => Refusal | undefined,
): z.ZodType<T, T> {
  const schema = z.string().superRefine((text, context) => {
    const refusal = judge(text);
    if (refusal) context.addIssue({ code: "custom", params: { refusal } });
  });
  return saying(schema, { allowed, examples: [example] }) as unknown as z.ZodType<T, T>;
}

/** A fault of a text; missing parts are the field's own. */
export interface Refusal {
  got: string;
  allowed?: string;
  fix?: string;
}

/** A whole number. */
export function integer(allowed: string, example: number, low: number, high?: number): z.ZodType<number, number> {
  const schema = z.int().min(low);
  return saying(high === undefined ? schema : schema.max(high), { allowed, examples: [example] });
}

export function flag(): z.ZodBoolean {
  return saying(z.boolean(), { allowed: "true or false" });
}

/** An http or https address without a user, whose password would be in manifests. */
export const address = text<string>(
  "an http or https address without a user",
  "https://api.example.com/health",
  (url) => {
    if (!URL.canParse(url)) return false;
    const { protocol, username, password } = new URL(url);
    return ["http:", "https:"].includes(protocol) && username === "" && password === "";
  },
).meta({ passedOn: "https://TOKEN.invalid" });

/**
 * A key that may be missing. The compiler's exactOptionalPropertyTypes applies; at run time undefined counts as missing too, because plain
 * JavaScript has no such check.
 */
export function optional<T extends z.ZodType>(schema: T): z.ZodExactOptional<T> {
  return schema.optional() as unknown as z.ZodExactOptional<T>;
}
