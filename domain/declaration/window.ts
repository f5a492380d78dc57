import type { Duration } from "../values/duration.ts";
import type { Sourced } from "../values/sourced.ts";
import type { Weekday } from "../values/weekday.ts";

/** The days on which a window opens: every day, a weekday, or the first such weekday of a month. */
export type Recurrence = { every: "day" | Weekday } | { first: Weekday };

/**
 * A time in which the service may be disturbed: nobody is told of warnings then, and disruptive jobs run inside it.
 *
 * Both its ends are times on the wall clock of its zone, as people announce them and as Alertmanager reads them: it is open
 * while that clock shows `at` or later, and less than `at` plus `lasts`. Where the clock is put forward inside it, it is an
 * hour shorter, and does not open at all where the whole of it is skipped; where the clock is put back, the time that comes
 * twice belongs to it twice. In UTC it always lasts exactly `lasts`.
 */
export interface MaintenanceWindow {
  name: string;
  on: Recurrence;
  /** When it opens, such as `02:00`. */
  at: Sourced<string>;
  lasts: Sourced<Duration>;
  /** IANA name of the time zone that `at` is in. */
  timeZone: string;
}

/** @param facts `timeZone` is UTC where left out */
export function maintenanceWindow(
  name: string,
  facts: Omit<MaintenanceWindow, "name" | "timeZone"> & { timeZone?: string },
): MaintenanceWindow {
  return { timeZone: "Etc/UTC", ...facts, name };
}

/** Whether it is in UTC: only then can PromQL, whose functions know no other zone, say when it is open. */
export function isUtc({ timeZone }: MaintenanceWindow): boolean {
  return timeZone === "Etc/UTC" || timeZone === "UTC";
}
