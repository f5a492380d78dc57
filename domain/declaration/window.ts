import { z } from "zod";
import type { Duration } from "../values/duration.ts";
import { seconds } from "../values/duration.ts";
import { readable } from "../values/readable.ts";
import { text } from "../values/schema.ts";
import { isTimeZone } from "../values/timeZone.ts";
import { weekdays } from "../values/weekday.ts";
import { label, sourced } from "./texts.ts";

export const windowSchema = z.strictObject({
  // It is part of objects' names, and the value of a label.
  name: label("weekly", 40).describe("Name of the window."),
  on: z
    .union([
      z.strictObject({ every: z.enum(["day", ...weekdays]).describe("Every day, or every such weekday.") }),
      z.strictObject({ first: z.enum(weekdays).describe("The first such weekday of a month.") }),
    ])
    .meta({ allowed: "{ every: … } or { first: … }", examples: [{ every: "sunday" }] })
    .describe("The days on which it opens."),
  at: sourced(text("00:00 to 23:59", "02:00", /^([01]\d|2[0-3]):[0-5]\d$/)).describe(
    "When it opens, on the wall clock of its time zone.",
  ),
  lasts: sourced(
    text<Duration>(
      "whole minutes, as a whole number with a unit s, m, h, d or w",
      "2h",
      (text) => readable(() => seconds(text)) && seconds(text) % 60 === 0,
    ),
  ).describe("How long it stays open."),
  timeZone: text("a name of the time zone database", "Europe/Berlin", isTimeZone)
    .describe("IANA name of the time zone that `at` is in.")
    .meta({ defaults: "Etc/UTC" }),
});

/** The days on which a window opens: every day, a weekday, or the first such weekday of a month. */
export type Recurrence = MaintenanceWindow["on"];

/**
 * A maintenance window, in which the service may be disturbed: warnings are muted, and disruptive jobs run inside it.
 *
 * Both its ends are times on the wall clock of its zone, as people announce them and as Alertmanager reads them: it is open
 * while that clock shows `at` or later, and less than `at` plus `lasts`. If the clock is put forward inside it, it is an hour
 * shorter, and does not open if all of it is skipped; if the clock is put back, it includes the repeated hour twice. In UTC it
 * always lasts exactly `lasts`.
 */
export interface MaintenanceWindow extends z.output<typeof windowSchema> {}

/** @param facts default of `timeZone`: UTC */
export function maintenanceWindow(
  name: string,
  facts: Omit<MaintenanceWindow, "name" | "timeZone"> & { timeZone?: string },
): MaintenanceWindow {
  return { timeZone: "Etc/UTC", ...facts, name };
}

/** Whether it is in UTC, the only zone of PromQL's functions. */
export function isUtc({ timeZone }: MaintenanceWindow): boolean {
  return timeZone === "Etc/UTC" || timeZone === "UTC";
}
