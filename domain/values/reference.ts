import { z } from "zod";
import {
  definitionOf,
  exampleOf,
  factsOf,
  isOptional,
  isSourced,
  keysOf,
  metaOf,
  sourcedValue,
  written,
} from "./schemaFaults.ts";

/** A field of a schema, as a page lists it. */
interface Row {
  key: string;
  type: string;
  /** The default; undefined for a required field. */
  defaults: string | undefined;
  allowed: string;
  purpose: string;
  example: string;
}

/**
 * A table of all fields of a schema, nested ones with their full path.
 *
 * @param prefix of each key
 * @param elsewhere schemas that have their own table
 */
export function fieldTable(schema: z.ZodType, prefix = "", elsewhere: readonly z.ZodType[] = []): string {
  const head = ["key", "type", "default", "allowed", "what for", "example"];
  const lines = rows(schema, prefix, new Set(elsewhere.map(shapeOf))).map(
    ({ key, type, defaults, allowed, purpose, example }) => [
      `\`${key}\``,
      type,
      defaults ?? "**required**",
      allowed,
      purpose,
      example && `\`${example}\``,
    ],
  );
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return [head, head.map(() => "---"), ...lines].map((line) => `| ${line.map(cell).join(" | ")} |`).join("\n");
}

/** Identifies a schema: describing one creates another with the same shape. */
function shapeOf(schema: z.ZodType): unknown {
  const definition = definitionOf(schema);
  return definition.type === "object" ? definition.shape : schema;
}

function rows(schema: z.ZodType, prefix: string, elsewhere: ReadonlySet<unknown>): Row[] {
  const definition = definitionOf(schema);
  if (isSourced(schema)) return [];
  const inside = (field: z.ZodType, path: string) =>
    elsewhere.has(shapeOf(field)) ? [] : rows(field, path, elsewhere);
  switch (definition.type) {
    case "object":
      return Object.entries(definition.shape).flatMap(([key, field]) => {
        // Constructors write the discriminator.
        if (definitionOf(field as z.ZodType).type === "literal" && !metaOf(field as z.ZodType).description) return [];
        const path = prefix === "" || prefix.endsWith(":") ? `${prefix}${key}` : `${prefix}.${key}`;
        return [row(path, field as z.ZodType), ...inside(field as z.ZodType, path)];
      });
    case "array":
      return inside(definition.element as z.ZodType, `${prefix}[]`);
    case "record":
      return inside(definition.valueType as z.ZodType, `${prefix}.<name>`);
    case "union": {
      if ("discriminator" in definition) return [];
      const inner = (definition.options as z.ZodType[]).flatMap((option) => inside(option, prefix));
      return inner.filter(({ key }, index) => inner.findIndex((other) => other.key === key) === index);
    }
    default:
      return [];
  }
}

function row(key: string, schema: z.ZodType): Row {
  const value = isSourced(schema) ? sourcedValue(schema) : schema;
  return {
    key,
    type: isSourced(schema) ? `${typeOf(value)}, with its origin` : typeOf(schema),
    defaults: defaultOf(schema),
    // The fields of an object have their own rows.
    allowed:
      ["object", "union"].includes(definitionOf(value).type) && !metaOf(value).allowed ? "" : factsOf(value).allowed,
    purpose: metaOf(schema).description ?? "",
    example: isLong(value) ? "" : exampleOf(schema),
  };
}

/** Whether its fields have their own rows or table: an example of the whole would only repeat them. */
function isLong(schema: z.ZodType): boolean {
  const definition = definitionOf(schema);
  if (metaOf(schema).examples) return false;
  return definition.type === "object" || (definition.type === "array" && exampleOf(schema).length > 80);
}

function typeOf(schema: z.ZodType): string {
  const definition = definitionOf(schema);
  switch (definition.type) {
    case "string":
      return "text";
    case "number":
      return "number";
    case "boolean":
      return "true or false";
    case "enum":
    case "literal":
      return "word";
    case "array":
      return `list of ${typeOf(definition.element as z.ZodType)}`;
    case "record":
      return `map of ${typeOf(definition.valueType as z.ZodType)}`;
    case "object":
      return "object";
    case "union":
      return (definition.options as z.ZodType[]).every((option) => definitionOf(option).type === "object")
        ? "object"
        : "one of several";
    default:
      return definition.type;
  }
}

function defaultOf(schema: z.ZodType): string | undefined {
  const { defaults } = metaOf(schema);
  if (defaults) return `\`${defaults}\``;
  const definition = (schema as unknown as z.core.$ZodTypes)._zod.def as z.core.$ZodTypeDef & {
    defaultValue?: unknown;
  };
  if (definition.type === "default") return `\`${written(definition.defaultValue)}\``;
  return isOptional(schema) ? "none" : undefined;
}

/** A schema as JSON Schema, with descriptions of its fields for editors. */
export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema }) => {
      const { allowed, description } = jsonSchema as { allowed?: string; description?: string };
      const words = [description, allowed && `Allowed: ${allowed}.`].filter(Boolean).join(" ");
      if (words) jsonSchema.description = words;
      for (const key of ["allowed", "fix", "sourced", "defaults", "passedOn"])
        delete (jsonSchema as Record<string, unknown>)[key];
    },
  });
}

/** The keys of an object's schema with their schemas. */
export function fieldsOf(schema: z.ZodType): [key: string, field: z.ZodType][] {
  const definition = definitionOf(schema);
  return definition.type === "object" ? (Object.entries(definition.shape) as [string, z.ZodType][]) : [];
}

/** JSON Schema of `Pulumi.<stack>.yaml` for editors. @param settings the keys under `config`, without their prefix */
export function stackFileSchema(settings: z.ZodType, prefix: string): Record<string, unknown> {
  const fields = fieldsOf(settings);
  const required = fields.filter(([, field]) => !isOptional(field)).map(([key]) => `${prefix}${key}`);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Upkeep's settings in Pulumi.<stack>.yaml",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(
          fields.map(([key, field]) => [`${prefix}${key}`, withoutDialect(jsonSchema(field))]),
        ),
        // An unknown key with our prefix is a mistake; other prefixes belong to other programs.
        patternProperties: { [`^${prefix}(?!(${keysOf(settings).join("|")})$)`]: false },
        required,
      },
    },
    required: ["config"],
  };
}

function withoutDialect({ $schema: _, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
