import type { Fault } from "./fault.ts";

/** The names that occur more than once, each listed once. */
export function repeated(names: string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** A fault for each name that occurs more than once. */
export function duplicates(path: string, names: string[]): Fault[] {
  return repeated(names).map((name) => ({
    code: "duplicate-name",
    path,
    got: `with "${name}" twice`,
    allowed: "each name once",
    fix: "rename or remove one",
  }));
}
