import type { z } from "zod";
import type { Fault } from "../values/fault.ts";
import { isSame } from "../values/same.ts";
import { exampleOf, type Finding, findings, isSourced, schemaAt } from "../values/schemaFaults.ts";
import { objectivesSchema, type Service, serviceSchema } from "./service.ts";

/**
 * All faults that a declaration's schema finds. Node strips types without checking them, and plain JavaScript has none. declarationFaults
 * checks how fields fit together, once there are no faults here.
 */
export function shapeFaults(declaration: unknown): Fault[] {
  const name = (declaration as { name?: unknown } | null | undefined)?.name;
  if (faultless.has(name) && isSame(faultless.get(name), declaration)) return [];
  const faults = faultsOf(serviceSchema, declaration);
  if (faults.length === 0) faultless.set(name, JSON.parse(JSON.stringify(declaration)));
  return faults;
}

/** The last valid declaration of each name: a run validates a service up to three times, when loaded, in its environment, and as a component. */
const faultless = new Map<unknown, unknown>();

/** Whether a value is a valid declaration by its schema. */
export function isService(declaration: unknown): declaration is Service {
  return shapeFaults(declaration).length === 0;
}

/**
 * Faults that the schema finds in some fields of a service, for a component that is used without a whole one. The objectives may be
 * incomplete.
 */
export function fieldFaults<Field extends keyof Service>(
  service: { [F in keyof Pick<Service, Field>]: F extends "objectives" ? Partial<Service[F]> : Service[F] },
  ...fields: Field[]
): Fault[] {
  const whole = faultless.get((service as Partial<Service>).name) as Service | undefined;
  return fields.flatMap((field) =>
    whole && isSame(whole[field], service[field]) ? [] : faultsOf(fieldSchemas[field], service[field], field),
  );
}

const fieldSchemas = { ...serviceSchema.shape, objectives: objectivesSchema.partial() };

/** Faults that a schema finds in a part of a declaration. @param at path of the part, such as `windows[0]` */
export function faultsOf(schema: z.ZodType, value: unknown, at = ""): Fault[] {
  return findings(schema, value).map((finding) => faultOf(schema, value, finding, at));
}

function faultOf(
  schema: z.ZodType,
  value: unknown,
  { code, path, got, allowed, fix, near, expected }: Finding,
  at: string,
): Fault {
  const example = expected ? shortExample(expected) : undefined;
  const suggestions = {
    "unknown-key": near ? `did you mean ${near}? Otherwise remove it` : "remove it",
    missing: example ? `add for example ${example}` : "add it: docs/declaration.md",
    "not-allowed": near
      ? `did you mean ${near}?`
      : example
        ? `write for example ${example}`
        : "correct it: docs/declaration.md",
  };
  const where = shownPath(schema, value, path, at) || "the declaration";
  return { code, path: where, got, allowed, fix: fix ?? suggestions[code] };
}

/** An example that fits into a line; undefined for longer ones, which docs/declaration.md shows. */
function shortExample(expected: z.ZodType): string | undefined {
  const example = exampleOf(expected);
  return example.length <= 160 ? example : undefined;
}

/** A path as people write it: the value inside a `guide(…)` or an `assumed(…)` has the path of that call. */
export function shownPath(schema: z.ZodType, value: unknown, path: PropertyKey[], at: string): string {
  return path.reduce<string>((before, key, index) => {
    if (typeof key === "number") return `${before}[${key}]`;
    if (key === "value" && isSourced(schemaAt(schema, value, path.slice(0, index)))) return before;
    const name = String(key);
    if (!/^[A-Za-z_]\w*$/.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === "" ? name : `${before}.${name}`;
  }, at);
}
