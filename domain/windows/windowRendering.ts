import { isUtc, type MaintenanceWindow } from "../declaration/window.ts";
import { weekdays } from "../values/weekday.ts";
import { MINUTES_OF_DAY, timeOfDay, type WindowPart, windowParts } from "./windowParts.ts";

/**
 * PromQL that gives one series, without labels, while the window is open. PromQL's clock is in UTC.
 *
 * @throws RangeError for a window in another zone, or an invalid one
 */
export function promql(window: MaintenanceWindow): string {
  if (!isUtc(window))
    throw new RangeError(`window "${window.name}" is in ${window.timeZone}, which PromQL cannot express`);
  const parts = windowParts(window).map((part) => conditions(part).join(" and "));
  return `vector(1) and on () (${parts.length === 1 ? parts[0] : parts.map((part) => `(${part})`).join(" or ")})`;
}

function conditions({ weekday, daysOfMonth, from, until }: WindowPart): string[] {
  const wholeHours = from % 60 === 0 && until % 60 === 0;
  const [clock, unit] = wholeHours ? ["hour()", 60] : ["(hour() * 60 + minute())", 1];
  const found = [
    ...(weekday ? [`day_of_week() == ${weekdays.indexOf(weekday)}`] : []),
    ...(daysOfMonth && daysOfMonth.from > 1 ? [`day_of_month() >= ${daysOfMonth.from}`] : []),
    ...(daysOfMonth ? [`day_of_month() <= ${daysOfMonth.to}`] : []),
    ...(from > 0 ? [`${clock} >= ${from / unit}`] : []),
    ...(until < MINUTES_OF_DAY ? [`${clock} < ${until / unit}`] : []),
  ];
  return found;
}

/** A time interval of Alertmanager's configuration. Its times and weekdays never wrap. */
export interface TimeInterval {
  times?: { start_time: string; end_time: string }[];
  weekdays?: string[];
  days_of_month?: string[];
  location?: string;
}

/**
 * The window as Alertmanager's mute intervals: one for each day that it covers in part.
 *
 * @throws RangeError when the window cannot be read
 */
export function timeIntervals(window: MaintenanceWindow): TimeInterval[] {
  return windowParts(window).map(({ weekday, daysOfMonth, from, until }) => ({
    ...(until - from < MINUTES_OF_DAY && {
      times: [{ start_time: timeOfDay(from), end_time: timeOfDay(until) }],
    }),
    ...(weekday && { weekdays: [weekday] }),
    ...(daysOfMonth && { days_of_month: [`${daysOfMonth.from}:${daysOfMonth.to}`] }),
    ...(!isUtc(window) && { location: window.timeZone }),
  }));
}
