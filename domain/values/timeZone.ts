import { readable } from "./readable.ts";

/** A cache that starts with the default zone: creating the first formatter takes 20 ms. */
const zones = new Map([["Etc/UTC", true]]);

/**
 * Whether a name is in the time zone database, and spelled as there: Alertmanager reads it as a file's name, so an offset is invalid and
 * case matters, unlike for Intl.
 */
export function isTimeZone(name: string): boolean {
  const known = zones.get(name) ?? isSpelledZone(name);
  zones.set(name, known);
  return known;
}

function isSpelledZone(name: string): boolean {
  // No name has four capitals in a row; for an older name Intl does not return the spelling.
  const form = /^(UTC|(US|[A-Z][a-z]+)(\/(?![\w-]*[A-Z]{4})[A-Z][\w+-]*)+)$/;
  return form.test(name) && readable(() => requireSpelling(name));
}

/** @throws RangeError when there is no such zone, or it is written otherwise */
function requireSpelling(timeZone: string): void {
  const spelled = new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone;
  const isAlias = spelled.toLowerCase() !== timeZone.toLowerCase();
  if (!isAlias && spelled !== timeZone) throw new RangeError(`it is written ${spelled}`);
}
