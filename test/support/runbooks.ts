import { readdirSync, readFileSync } from "node:fs";

/** The alerts that have a page in runbooks/, in the order of their names. */
export function runbooks(): string[] {
  return readdirSync("runbooks")
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -".md".length))
    .sort();
}

/** A fenced block of a page. */
export interface Block {
  language: string;
  text: string;
}

/** The fenced blocks of an alert's page, in their order. */
export function blocks(alert: string): Block[] {
  return blocksOf(`runbooks/${alert}.md`);
}

/** The fenced blocks of a page, in their order. */
export function blocksOf(file: string): Block[] {
  const page = readFileSync(file, "utf8");
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
