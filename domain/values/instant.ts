/** An instant for people, to the minute and in UTC, such as `2026-12-01 02:00`. */
export function shownMinute(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace("T", " ");
}
