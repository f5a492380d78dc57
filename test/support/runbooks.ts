import { readdirSync } from "node:fs";

/** The alerts that have a page in runbooks/, in the order of their names. */
export function runbooks(): string[] {
  return readdirSync("runbooks")
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -".md".length))
    .sort();
}
