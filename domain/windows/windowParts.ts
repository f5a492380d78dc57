import type { MaintenanceWindow } from "../declaration/window.ts";
import { seconds } from "../values/duration.ts";
import { type Weekday, weekdays } from "../values/weekday.ts";

export const MINUTES_OF_DAY = 1440;

/** The part of a window within one day: Prometheus and Alertmanager have no times past midnight, so a window is split into such parts. */
export interface WindowPart {
  /** Its weekday. @default every day */
  weekday?: Weekday;
  /** Its days of the month, both ends included. @default every day */
  daysOfMonth?: { from: number; to: number };
  /** Minutes of the day: `from` is included, `until` is not. */
  from: number;
  until: number;
}

/** @throws RangeError when its time or its length cannot be read */
export function windowParts(window: MaintenanceWindow): WindowPart[] {
  const opens = minuteOfDay(window.at.value);
  const closes = opens + seconds(window.lasts.value) / 60;
  const days = Array.from({ length: Math.ceil(closes / MINUTES_OF_DAY) }, (_, day) => day);
  return days.map((day) => ({
    ...onDay(window, day),
    from: Math.max(opens - day * MINUTES_OF_DAY, 0),
    until: Math.min(closes - day * MINUTES_OF_DAY, MINUTES_OF_DAY),
  }));
}

/** The days that are `later` days after an opening. Even a week after a month's first week it is still the same month. */
function onDay({ on }: MaintenanceWindow, later: number): Pick<WindowPart, "weekday" | "daysOfMonth"> {
  if ("first" in on) return { weekday: after(on.first, later), daysOfMonth: { from: 1 + later, to: 7 + later } };
  return on.every === "day" ? {} : { weekday: after(on.every, later) };
}

function after(weekday: Weekday, days: number): Weekday {
  return weekdays[(weekdays.indexOf(weekday) + days) % weekdays.length] as Weekday;
}

/** Minutes since midnight of a time such as `02:00`. @throws RangeError when it is not one */
export function minuteOfDay(time: string): number {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!match) throw new RangeError(`"${time}" is not a time of day`);
  return Number(match[1]) * 60 + Number(match[2]);
}

/** A minute of a day as `02:00`; the end of a day is 24:00. */
export function timeOfDay(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
