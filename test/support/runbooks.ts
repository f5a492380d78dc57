import { readdirSync, readFileSync } from "node:fs";

/** The alerts that have a page in runbooks/, in the order of their names. */
export function runbooks(): string[] {
  return readdirSync("runbooks")
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -".md".length))
    .sort();
}

/** The fenced blocks of an alert's page, in their order. */
export function blocks(alert: string): { language: string; text: string }[] {
  const page = readFileSync(`runbooks/${alert}.md`, "utf8");
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({ language, text }));
}

/** Commands of a shell block, one each; a line that ends with a backslash goes on. */
export function commands(text: string): string[] {
  return text
    .replaceAll("\\\n", " ")
    .split("\n")
    .filter((line) => line !== "");
}

/** `<...>`, which a reader replaces. */
export const placeholder = /<([^<>\n]+)>/g;
