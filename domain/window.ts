import type { Duration } from "./duration.ts";
import type { Sourced } from "./sourced.ts";

export const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

export type Weekday = (typeof weekdays)[number];

/** The days on which a window opens: every day, a weekday, or the first such weekday of a month. */
export type Recurrence = { every: "day" | Weekday } | { first: Weekday };

/** A time in which the service may be disturbed: nobody is told of warnings then, and disruptive jobs run inside it. */
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
