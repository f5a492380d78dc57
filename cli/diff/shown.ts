import { credentialIn } from "../../domain/kubernetes/credential.ts";
import { UNKNOWN } from "../../standins/values.ts";

/** Longer values hide the others. */
const LONGEST = 100;

/** How much of what is equal is left before the place where two long values differ. */
const CONTEXT = 20;

/** A value as a report shows it: on one line, short, without what looks like a credential, and what no one sees spelled out. */
export function shown(value: unknown): string {
  return shortened(onLine(value));
}

/** Two values, of which at least one is too long: both from shortly before the place where they differ. */
export function shownBoth(before: unknown, after: unknown): { before: string; after: string } {
  const [old, now] = [onLine(before), onLine(after)];
  const found = old.split("").findIndex((character, index) => character !== now[index]);
  const different = found < 0 ? old.length : found;
  const skipped = Math.max(old.length, now.length) > LONGEST ? Math.max(0, different - CONTEXT) : 0;
  const from = (text: string) => shortened(skipped > 0 ? `…${text.slice(skipped)}` : text);
  return { before: from(old), after: from(now) };
}

function onLine(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined");
  const known = withoutCredentials(text).replaceAll(UNKNOWN, "(known after the update)");
  return visible(known).replaceAll("\n", "\\n");
}

function shortened(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

/**
 * The same with texts that can be shown: without what looks like a credential, and with nothing that turns or hides the text around it.
 * Of a text with several lines only the line is hidden, if the credential is in one.
 */
export function cleaned<T>(value: T): T;
export function cleaned(value: unknown): unknown {
  if (typeof value === "string") return cleanedText(value);
  if (Array.isArray(value)) return value.map((item) => cleaned(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, cleaned(item)]));
}

function cleanedText(text: string): string {
  const lines = text.trim().split("\n").map(withoutCredentials);
  return visible(withoutCredentials(lines.join("\n")));
}

function withoutCredentials(text: string): string {
  const found = credentialIn(text);
  return found ? `[hidden: ${found.words}]` : text;
}

/** Control characters, and marks that turn or hide the text around them, as their code; lines stay. */
function visible(text: string): string {
  return text.replace(
    /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}
