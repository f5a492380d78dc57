import type { PolicyConfigSchema } from "@pulumi/policy";
import { z } from "zod";
import { optional } from "../domain/values/schema.ts";
import { day, reason } from "./terms.ts";

/** What a stack may set of a policy: names with optional schemas. */
export type Settings = Readonly<Record<string, z.ZodType>>;

/** What a stack set, by name. */
export type Given<S extends Settings> = { readonly [name in keyof S]?: z.output<S[name]> };

/** The keys that each policy's configuration may have beside its level. */
export const terms = { reason: optional(reason), until: optional(day) };

/** A policy's settings as the engine reads them: it checks types, and the pack the rest (configuration.ts). */
export function configSchemaOf(settings: Settings = {}): PolicyConfigSchema {
  const { properties } = z.toJSONSchema(z.object({ ...terms, ...settings }), { io: "input" });
  return { properties } as PolicyConfigSchema;
}
