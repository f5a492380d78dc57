import { z } from "zod";

/**
 * The fields of settings and declarations. What a schema says of itself in its `meta` is read by everything that speaks of it:
 * refusals (schemaFaults.ts), docs/settings.md and docs/declaration.md, and the JSON schema for editors.
 */
declare module "zod" {
  interface GlobalMeta {
    /** What may be there, in words. */
    allowed?: string;
    /** How to fix what is refused, where an example does not say it. */
    fix?: string;
    /** Whether it is a value with its origin, which people write as `guide(…)` or `assumed(…)`. */
    sourced?: boolean;
    /**
     * What stands for an Output in the library, with TOKEN in it: of a text that is only passed on, a value of the same form. A text without
     * it has to be known before anything exists.
     */
    passedOn?: string;
    /** The default, in words, where a constructor or the program fills it in. */
    defaults?: string;
  }
}

/**
 * The same schema with what it says of itself. `meta` and `describe` build a schema once more, which is right only for a shared one: every
 * preview builds all of them.
 */
export function saying<T extends z.ZodType>(fresh: T, meta: z.core.GlobalMeta): T {
  z.globalRegistry.add(fresh, meta);
  return fresh;
}

/**
 * A text of a form, which may be more precise for the compiler than for zod.
 *
 * @param allowed the form in words, such as "a namespace"
 * @param form what it must match; no form is any text that is not blank
 */
export function text<T extends string = string>(
  allowed: string,
  example: NoInfer<T>,
  form: RegExp | ((text: string) => boolean) = /\S/,
): z.ZodType<T, T> {
  const schema = form instanceof RegExp ? z.string().regex(form) : z.string().refine(form);
  return saying(schema, { allowed, examples: [example] }) as unknown as z.ZodType<T, T>;
}

/** A text that a judge refuses with words of its own: a fault without its path, undefined where there is none. */
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

/** What a judge says of a text; what it leaves out is the field's own. */
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

/** An address of http or https, of no user: it would stand in manifests, with its password. */
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
 * A key that may be missing. The compiler's exactOptionalPropertyTypes holds; at run time undefined is missing too, as in the JavaScript of
 * whoever has no such compiler.
 */
export function optional<T extends z.ZodType>(schema: T): z.ZodExactOptional<T> {
  return schema.optional() as unknown as z.ZodExactOptional<T>;
}
