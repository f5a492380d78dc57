import { text } from "../domain/values/schema.ts";

/** What every weakening of the pack carries: a reason, and an end. */

/** The longest that one may last before it is reviewed again. */
export const LONGEST_DAYS = 90;

export const reason = text(
  "a sentence of 20 characters or more",
  "the registry's mirror moves in January",
  (words) => words.trim().length >= 20,
);

export const day = text("a day as YYYY-MM-DD, the last one", "2027-01-31", (words) => {
  const time = Date.parse(`${words}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(words) && words.length === 10;
});

/** Days from one day to another, both as YYYY-MM-DD; negative if it has passed. */
export function daysUntil(until: string, today: string): number {
  return (Date.parse(until) - Date.parse(today)) / 86_400_000;
}

/** The last day that may be written today. */
export function latestEnd(today: string): string {
  return new Date(Date.parse(today) + LONGEST_DAYS * 86_400_000).toISOString().slice(0, 10);
}
