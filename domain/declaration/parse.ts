import type { z } from "zod";
import type { Fault } from "../values/fault.ts";
import { isSame } from "../values/same.ts";
import { exampleOf, type Finding, findings, isSourced, schemaAt } from "../values/schemaFaults.ts";
import { type Service, serviceSchema } from "./service.ts";

/**
 * Everything in a declaration that its schema refuses, all at once: what Node's stripping of types and a program in plain JavaScript let
 * through. What fields say of each other is declarationFaults' to judge, once this finds nothing.
 */
export function shapeFaults(declaration: unknown): Fault[] {
  const name = (declaration as { name?: unknown } | null | undefined)?.name;
  if (faultless.has(name) && isSame(faultless.get(name), declaration)) return [];
  const faults = faultsOf(serviceSchema, declaration);
  if (faults.length === 0) faultless.set(name, JSON.parse(JSON.stringify(declaration)));
  return faults;
}

/** What was judged last of each name, as it was then: a run judges a service when it loads it, in its environment, and as a component. */
const faultless = new Map<unknown, unknown>();

/** Whether something is a service's declaration, as far as its schema tells. */
export function isService(declaration: unknown): declaration is Service {
  return shapeFaults(declaration).length === 0;
}

/** What a part of a declaration's schema refuses. @param at where the part is, such as `windows[0]` */
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
    "unknown-key": near ? `did you mean ${near}? Else remove it` : "remove it",
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

/** An example that fits into a line; undefined where a page says it better. */
function shortExample(expected: z.ZodType): string | undefined {
  const example = exampleOf(expected);
  return example.length <= 160 ? example : undefined;
}

/** A path as people write it. The value inside a `guide(…)` or an `assumed(…)` is where those are. */
export function shownPath(schema: z.ZodType, value: unknown, path: PropertyKey[], at: string): string {
  return path.reduce<string>((before, key, index) => {
    if (typeof key === "number") return `${before}[${key}]`;
    if (key === "value" && isSourced(schemaAt(schema, value, path.slice(0, index)))) return before;
    const name = String(key);
    if (!/^[A-Za-z_]\w*$/.test(name)) return `${before}[${JSON.stringify(name)}]`;
    return before === "" ? name : `${before}.${name}`;
  }, at);
}
