import type { MaintenanceWindow } from "../declaration/window.ts";
import { DAY } from "../values/duration.ts";
import type { Schedule } from "../values/schedule.ts";
import { weekdays } from "../values/weekday.ts";
import { type WindowPart, windowParts } from "./windowParts.ts";

/** The years whose runs are compared with the window: two, for each change of the clocks and each length of a month. */
const FROM = Date.UTC(2026, 0, 1);
const DAYS = 731;
const MINUTE = 60_000;

/** A run, and the first moment at which it may still go on while the window is closed. */
export interface RunOutside {
  starts: Date;
  closed: Date;
}

/**
 * The first run that may go on while the window is closed, in two years of the calendar; undefined if there is none.
 *
 * @param lasts seconds from the schedule's minute to the latest end of a run
 * @throws RangeError when the window cannot be read
 */
export function runOutsideWindow(window: MaintenanceWindow, schedule: Schedule, lasts: number): RunOutside | undefined {
  const open = openUntil(window);
  for (let day = 0; day < DAYS; day += 1) {
    const midnight = FROM + day * DAY * 1000;
    if (!schedule.firesOn(new Date(midnight))) continue;
    for (const minute of schedule.minutes) {
      const starts = midnight + minute * MINUTE;
      let at = starts;
      while (at < starts + lasts * 1000) {
        const until = open(at);
        if (until === undefined) return { starts: new Date(starts), closed: new Date(at) };
        at = until;
      }
    }
  }
  return undefined;
}

/** For an instant at which the window is open: a later one up to which it stays open; else undefined. */
function openUntil(window: MaintenanceWindow): (instant: number) => number | undefined {
  const parts = windowParts(window);
  const clock = wallClock(window.timeZone);
  return (instant) => {
    const { weekday, day, minute } = clock(instant);
    const until = parts
      .filter((part) => isOpen(part, weekday, day, minute))
      .map((part) => {
        const closes = instant + (part.until - minute) * MINUTE;
        // A clock that shows another time then was changed in between, and the window may close earlier or later.
        return clock(closes).minute === part.until % (24 * 60) ? closes : instant + MINUTE;
      });
    return until.length > 0 ? Math.max(...until) : undefined;
  };
}

function isOpen(part: WindowPart, weekday: number, day: number, minute: number): boolean {
  if (part.weekday !== undefined && weekdays[weekday] !== part.weekday) return false;
  if (part.daysOfMonth && (day < part.daysOfMonth.from || day > part.daysOfMonth.to)) return false;
  return minute >= part.from && minute < part.until;
}

/** What a clock in the zone shows at an instant. */
function wallClock(timeZone: string): (instant: number) => { weekday: number; day: number; minute: number } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  });
  return (instant) => {
    const shown = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = shown;
    return { weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay(), day, minute: hour * 60 + minute };
  };
}
