import type { Fault } from "./fault.ts";
import { narrowed, parseSchedule, type Schedule, ScheduleError } from "./schedule.ts";
import { type Weekday, weekdays } from "./weekday.ts";

/**
 * The condition for a run to do its work; otherwise it ends at once and succeeds. Cron cannot say "the first Saturday", because it
 * joins a day of month and a day of week by OR; a schedule on days 1 to 7 with a guard for Saturday can.
 */
export interface WeekdayGuard {
  weekday: Weekday;
}

/**
 * The runs that do their work: those that start on the guard's weekday, in UTC. Only they count for gaps and next runs.
 *
 * @throws ScheduleError when the text is not a schedule, or no run satisfies the guard
 */
export function guardedSchedule(text: string, only?: WeekdayGuard): Schedule {
  const schedule = parseSchedule(text);
  if (!only) return schedule;
  return narrowed(schedule, only.weekday, (day) => weekdays[day.getUTCDay()] === only.weekday);
}

/** Faults of a schedule; empty if it is valid. */
export function scheduleFaults(text: string, only?: WeekdayGuard, path = "schedule"): Fault[] {
  try {
    const { orWeekdays } = guardedSchedule(text, only);
    return orWeekdays ? [joinedByOr(text, orWeekdays, path)] : [];
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    const { code, why, allowed } = error;
    return [{ code, path, got: `"${text}": ${why}`, allowed, fix: 'write for example "0 2 * * *"' }];
  }
}

/** The first line of a guarded program, in bash: it ends a run that starts on another day, and logs that. */
export function guardLine({ weekday }: WeekdayGuard): string {
  const number = weekdays.indexOf(weekday) || 7;
  return `[ "$(date -u +%u)" = ${number} ] || { echo "It is not ${weekday} in UTC: nothing to do."; exit 0; }\n`;
}

function joinedByOr(text: string, days: readonly number[], path: string): Fault {
  const [minute, hour, dayOfMonth, month] = text.trim().split(/\s+/);
  const names = days.map((day) => weekdays[day]).join(" and ");
  const guard = days.length === 1 ? names : "<one weekday>";
  return {
    code: "schedule-days-joined",
    path,
    got: `"${text}", which runs on days ${dayOfMonth} of the month and on every ${names} as well: cron joins the two by OR`,
    allowed: "a day of month or a day of week, not both",
    fix: `write "${minute} ${hour} ${dayOfMonth} ${month} *" with only: { weekday: "${guard}" }`,
  };
}
