import type { MaintenanceWindow } from "../../domain/declaration/window.ts";
import { weekdays } from "../../domain/values/weekday.ts";
import { MINUTES_OF_DAY, type WindowPart, windowParts } from "../../domain/windows/windowParts.ts";
import { instantsBetween, wallClock } from "./wallClockTime.ts";

const MINUTE = 60_000;
const DAY = MINUTES_OF_DAY * MINUTE;

/** One time that a window is open. */
export interface Opening {
  opens: Date;
  /** The first instant at which it is closed again. */
  closes: Date;
}

/** Whether the window is open at an instant. @throws RangeError when the window cannot be read */
export function isOpen(window: MaintenanceWindow, instant: Date): boolean {
  const shown = wallClock(window.timeZone, instant);
  const minute = shown.getUTCHours() * 60 + shown.getUTCMinutes();
  return windowParts(window).some((part) => fallsOn(part, shown) && minute >= part.from && minute < part.until);
}

/**
 * The next `count` times that the window opens after an instant, without the instant itself.
 *
 * @throws RangeError when the window cannot be read
 */
export function nextOpenings(window: MaintenanceWindow, after: Date, count: number): Opening[] {
  const parts = windowParts(window);
  const openings: Opening[] = [];
  let day = Math.floor(wallClock(window.timeZone, after).getTime() / DAY) * DAY;
  // One more than asked for, because the last one may go on into the next day, and one that began before.
  while (openings.length <= count + 1 || openings.filter(({ opens }) => opens > after).length <= count) {
    for (const [opens, closes] of stretchesOf(window.timeZone, parts, day)) {
      const last = openings.at(-1);
      if (last && last.closes.getTime() === opens) last.closes = new Date(closes);
      else openings.push({ opens: new Date(opens), closes: new Date(closes) });
    }
    day += DAY;
  }
  return openings.filter(({ opens }) => opens > after).slice(0, count);
}

/** @param day midnight as the clock shows it, as if it were UTC */
function stretchesOf(timeZone: string, parts: WindowPart[], day: number): [number, number][] {
  return parts
    .filter((part) => fallsOn(part, new Date(day)))
    .flatMap(({ from, until }) => instantsBetween(timeZone, day + from * MINUTE, day + until * MINUTE))
    .sort(([a], [b]) => a - b);
}

/** @param shown what the clock shows, in its UTC fields */
function fallsOn({ weekday, daysOfMonth }: WindowPart, shown: Date): boolean {
  const date = shown.getUTCDate();
  if (weekday !== undefined && weekdays[shown.getUTCDay()] !== weekday) return false;
  return daysOfMonth === undefined || (date >= daysOfMonth.from && date <= daysOfMonth.to);
}
