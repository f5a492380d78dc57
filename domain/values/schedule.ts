import { DAY } from "./duration.ts";

/**
 * A cron schedule in UTC, with Kubernetes' semantics.
 *
 * Kubernetes parses with robfig/cron v3's standard parser (pkg.go.dev/github.com/robfig/cron/v3): five fields or a
 * descriptor; Sunday is 0, never 7; day of month and day of week, when both are narrowed, are joined by OR.
 */
export interface Schedule {
  readonly text: string;
  /** Minutes of a day on which it fires, 0 to 1439, ascending. */
  readonly minutes: readonly number[];
  /** The three day fields and the guard, those that restrict the days. */
  readonly days: string | undefined;
  /** The weekdays, if it restricts the days of the month too: cron then joins the two by OR. Sunday is 0. */
  readonly orWeekdays: readonly number[] | undefined;
  /** Whether it fires on the given day, by its UTC date. */
  firesOn(day: Date): boolean;
  /** The same schedule in the simplest syntax: stars and lists of numbers. */
  readonly normalized: string;
}

const descriptors = new Map([
  ["@yearly", "0 0 1 1 *"],
  ["@annually", "0 0 1 1 *"],
  ["@monthly", "0 0 1 * *"],
  ["@weekly", "0 0 * * 0"],
  ["@daily", "0 0 * * *"],
  ["@midnight", "0 0 * * *"],
  ["@hourly", "0 * * * *"],
]);

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface FieldRange {
  name: string;
  low: number;
  high: number;
  names: string[];
}

const fields: FieldRange[] = [
  { name: "minute", low: 0, high: 59, names: [] },
  { name: "hour", low: 0, high: 23, names: [] },
  { name: "day of month", low: 1, high: 31, names: [] },
  { name: "month", low: 1, high: 12, names: months },
  { name: "day of week", low: 0, high: 6, names: weekdays },
];

interface Field {
  values: Set<number>;
  /** Whether it is written as a star: only then does the other day field decide alone. */
  star: boolean;
}

/**
 * @throws RangeError when Kubernetes would refuse the text, when it never fires, and for `@every`, whose runs shift with each
 *   restart of the controller, so that no gap can be promised
 */
export function parseSchedule(text: string): Schedule {
  if (text.startsWith("@every")) {
    throw new ScheduleError(
      text,
      { code: "schedule-drifts" },
      "its runs shift with each restart of the controller",
      "five fields, or a descriptor such as @daily",
    );
  }
  const parts = (descriptors.get(text) ?? text).trim().split(/\s+/);
  if (parts.length !== fields.length) {
    throw unreadable(text, `it has ${parts.length} fields`, "five: minute hour day-of-month month day-of-week");
  }
  const parsed = parts.map((part, index) => parseField(text, part, fields[index] as FieldRange));
  const [minute, hour, day, month, weekday] = parsed as [Field, Field, Field, Field, Field];
  const restrictsDays = !(day.star && weekday.star && month.values.size === 12);
  const schedule: Schedule = {
    text,
    minutes: [...hour.values].flatMap((h) => [...minute.values].map((m) => h * 60 + m)).sort((a, b) => a - b),
    days: restrictsDays ? parts.slice(2).join(" ") : undefined,
    orWeekdays: day.star || weekday.star ? undefined : [...weekday.values].sort(),
    firesOn(date) {
      const onDay = day.values.has(date.getUTCDate());
      const onWeekday = weekday.values.has(date.getUTCDay());
      const dayMatches = day.star || weekday.star ? onDay && onWeekday : onDay || onWeekday;
      return dayMatches && month.values.has(date.getUTCMonth() + 1);
    },
    normalized: parsed.map(({ values, star }) => (star ? "*" : [...values].join(","))).join(" "),
  };
  if (!everFires(schedule)) throw new ScheduleError(text, neverRuns, "no such day exists", "a schedule that fires");
  return schedule;
}

/**
 * The same schedule restricted to the days on which the condition holds.
 *
 * @param condition a word for messages, such as `saturday`
 * @throws RangeError when no day is left
 */
export function narrowed(schedule: Schedule, condition: string, holds: (day: Date) => boolean): Schedule {
  const left: Schedule = {
    ...schedule,
    days: `${schedule.days ?? "* * *"} ${condition}`,
    firesOn: (day) => schedule.firesOn(day) && holds(day),
  };
  if (everFires(left)) return left;
  throw new ScheduleError(
    schedule.text,
    neverRuns,
    `none of its days is a ${condition}`,
    `days of which some are a ${condition}`,
  );
}

/** The longest gap between two runs, in seconds, over the whole calendar (leap years and centuries included). */
export function longestGap(schedule: Schedule): number {
  return gaps(schedule).longest;
}

/** The shortest gap between two runs, in seconds, over the whole calendar. */
export function shortestGap(schedule: Schedule): number {
  return gaps(schedule).shortest;
}

/** The Gregorian calendar repeats after 400 years, which are a whole number of weeks. */
const CYCLE_DAYS = 146_097;

function gaps(schedule: Schedule): { longest: number; shortest: number } {
  const { minutes } = schedule;
  const within = minutes.slice(1).map((minute, index) => (minute - (minutes[index] as number)) * 60);
  const overnight = ((minutes[0] as number) - (minutes.at(-1) as number)) * 60;
  const between = dayGaps(schedule);
  return {
    longest: Math.max(...within, between.longest * DAY + overnight),
    shortest: Math.min(...within, between.shortest * DAY + overnight),
  };
}

const knownDayGaps = new Map<string, { longest: number; shortest: number }>();

/** Days from one on which the schedule fires to the next, the most and the fewest, over one calendar cycle and into the one after it. */
function dayGaps(schedule: Schedule): { longest: number; shortest: number } {
  if (schedule.days === undefined) return { longest: 1, shortest: 1 };
  const known = knownDayGaps.get(schedule.days);
  if (known) return known;
  const found = { longest: 0, shortest: CYCLE_DAYS };
  const first = nextFiringDay(schedule, 0);
  for (let day = first; day < CYCLE_DAYS + first; ) {
    const next = nextFiringDay(schedule, day + 1);
    found.longest = Math.max(found.longest, next - day);
    found.shortest = Math.min(found.shortest, next - day);
    day = next;
  }
  knownDayGaps.set(schedule.days, found);
  return found;
}

/** Whether there is a day on which it fires. Most have one within weeks, so that there is no need to walk over all of them. */
function everFires(schedule: Schedule): boolean {
  return schedule.days === undefined || nextFiringDay(schedule, 0) < CYCLE_DAYS;
}

/** Number of the first day on which the schedule fires, from one on, which counts; after a whole cycle without, the day that ends it. */
function nextFiringDay({ firesOn }: Schedule, from: number): number {
  // One Date is moved on: a cycle would need 146,097 of them.
  const date = new Date(0);
  for (let day = from; day < from + CYCLE_DAYS; day += 1) {
    date.setTime(day * DAY * 1000);
    if (firesOn(date)) return day;
  }
  return from + CYCLE_DAYS;
}

function parseField(text: string, part: string, range: FieldRange): Field {
  const values = new Set<number>();
  let star = false;
  for (const item of part.split(",")) {
    const match = /^(\*|\?|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
    if (!match) throw unreadable(text, `"${item}" is not a ${range.name}`, "a number, name, range, list or step");
    const [, whole, first, last, step] = match;
    const wild = whole === "*" || whole === "?";
    const low = wild ? range.low : parseValue(text, first as string, range);
    // "N/step" means from N to the end, as robfig/cron reads it.
    const high =
      wild || (last === undefined && step !== undefined)
        ? range.high
        : parseValue(text, last ?? (first as string), range);
    const width = step === undefined ? 1 : Number(step);
    if (low > high) throw unreadable(text, `"${item}" runs backwards`, `a range of ${range.name} from low to high`);
    if (width === 0) throw unreadable(text, `"${item}" steps by 0`, "a step of 1 or more");
    for (let value = low; value <= high; value += width) values.add(value);
    star ||= wild && width === 1;
  }
  return { values, star };
}

function parseValue(text: string, word: string, { name, low, high, names }: FieldRange): number {
  const index = names.indexOf(word.toLowerCase());
  const value = index >= 0 ? index + low : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw unreadable(
    text,
    `${name} is "${word}"`,
    `${low} to ${high}${names.length > 0 ? ` or ${names[0]} to ${names.at(-1)}` : ""}`,
  );
}

const neverRuns = { code: "schedule-never-runs" };

/** A schedule that is invalid or has no longest gap. */
export class ScheduleError extends RangeError {
  override name = "ScheduleError";
  /** The kind of mistake, as in a fault. */
  readonly code: string;
  readonly why: string;
  readonly allowed: string;

  constructor(text: string, { code }: { code: string }, why: string, allowed: string) {
    super(`"${text}" is not a schedule: ${why}; allowed: ${allowed}. Fix: write for example "0 2 * * *"`);
    this.code = code;
    this.why = why;
    this.allowed = allowed;
  }
}

function unreadable(text: string, why: string, allowed: string): ScheduleError {
  return new ScheduleError(text, { code: "schedule-unreadable" }, why, allowed);
}

/** Every day at a time in UTC, such as `daily("02:00")`. @throws RangeError when the time is not one */
export function daily(time: string): string {
  const match = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time);
  if (!match)
    throw new RangeError(
      `"${time}" is not a time of day; allowed: 00:00 to 23:59 in UTC. Fix: write for example "02:00"`,
    );
  return `${Number(match[2])} ${Number(match[1])} * * *`;
}
