import { readable } from "./readable.ts";

/** What was asked before, and the default: the first formatter takes 20 ms to make. */
const zones = new Map([["Etc/UTC", true]]);

/**
 * Whether a name is in the time zone database, and spelled as there: Alertmanager reads it as a file's, so an offset is none, and its case
 * counts, which is all the same to Intl.
 */
export function isTimeZone(name: string): boolean {
  const known = zones.get(name) ?? isSpelledZone(name);
  zones.set(name, known);
  return known;
}

function isSpelledZone(name: string): boolean {
  // No name has four capitals in a row; of an older name Intl does not tell the spelling.
  const form = /^(UTC|(US|[A-Z][a-z]+)(\/(?![\w-]*[A-Z]{4})[A-Z][\w+-]*)+)$/;
  return form.test(name) && readable(() => requireSpelling(name));
}

/** @throws RangeError when there is no such zone, or it is written otherwise */
function requireSpelling(timeZone: string): void {
  const spelled = new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  const isAlias = spelled.toLowerCase() !== timeZone.toLowerCase();
  if (!isAlias && spelled !== timeZone) throw new RangeError(`it is written ${spelled}`);
}
