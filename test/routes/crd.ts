import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Ajv, type SchemaObject, type ValidateFunction } from "ajv";
import { prometheusOperatorCrds } from "../../sandbox/parts/prometheus-operator-crds.ts";

/** Judges an AlertmanagerConfig's spec by the CRD. Other than the API server, which drops unknown fields, it refuses them. */
export async function alertmanagerConfigSchema(): Promise<ValidateFunction> {
  const file = join(await prometheusOperatorCrds(), "monitoring.coreos.com_alertmanagerconfigs.json");
  const { versions } = JSON.parse(await readFile(file, "utf8")).spec as {
    versions: { name: string; schema: { openAPIV3Schema: SchemaObject } }[];
  };
  const schema = versions.find(({ name }) => name === "v1alpha1")?.schema.openAPIV3Schema.properties.spec;
  return new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(closed(schema) as SchemaObject);
}

/** A schema whose objects have no other keys than those that it names. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== "object" || schema === null) return schema;
  // Go's inline flags, of months alone, are no pattern of JavaScript.
  const fields = Object.entries(schema).filter(([key, value]) => key !== "pattern" || !String(value).includes("(?i)"));
  const inner = Object.fromEntries(fields.map(([key, value]) => [key, closed(value)]));
  const isObject = inner.type === "object" && "properties" in inner && !("additionalProperties" in inner);
  return isObject ? { ...inner, additionalProperties: false } : inner;
}
