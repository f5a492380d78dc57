import type { MaintenanceWindow } from "../declaration/window.ts";
import { DAY } from "../values/duration.ts";
import { weekdays } from "../values/weekday.ts";
import { minuteOfDay } from "./windowParts.ts";
import { promql } from "./windowRendering.ts";

const WEEK = 7 * DAY;

/** The weekday of 1 January 1970, from which `time()` counts. */
const EPOCH = weekdays.indexOf("thursday");

/**
 * PromQL that gives one series, without labels: the seconds until the window opens, 0 while it is open.
 *
 * @throws RangeError for a window in a zone other than UTC, or an invalid one
 */
export function secondsToOpening(window: MaintenanceWindow): string {
  return `0 * (${promql(window)}) or vector(${untilOpening(window)})`;
}

/** PromQL of a scalar. An opening now counts as 0 seconds ahead. */
function untilOpening({ on, at }: MaintenanceWindow): string {
  const opens = minuteOfDay(at.value) * 60;
  const weekday = "first" in on ? on.first : on.every;
  if (weekday === "day") return until(opens, DAY);
  const weekly = until(((weekdays.indexOf(weekday) - EPOCH + 7) % 7) * DAY + opens, WEEK);
  if ("every" in on) return weekly;
  // If the next such weekday is not the first of its month, the next month's first one is whole weeks later.
  const next = `vector(time() + ${weekly})`;
  const weeks = `floor((days_in_month(${next}) - day_of_month(${next})) / 7) + 1`;
  return `${weekly} + ${WEEK} * scalar((${weeks}) * (day_of_month(${next}) > bool 7))`;
}

/** Seconds until the clock is `offset` seconds into its period, counted from 1970. */
function until(offset: number, period: number): string {
  return `(${offset + period} - time() % ${period}) % ${period}`;
}
