/** What wall clocks show over 400 days, read minute by minute: the oracle beside the windows under test. */
export const MINUTE = 60_000;
export const START = Date.UTC(2027, 0, 1);
export const MINUTES = 400 * 1440;

/** What a clock shows in each of the minutes. */
export interface Clock {
  /** The day, counted from a week and a day before the first that it shows. */
  day: Uint16Array;
  minuteOfDay: Uint16Array;
  /** By day: Sunday is 0. */
  weekday: Uint8Array;
  /** By day: 1 to 31. */
  date: Uint8Array;
  /** The minutes at which the clock is put forward or back. */
  changes: number[];
}

const known = new Map<string, Clock>();

/** The clock is looked at each quarter of an hour, the only times at which clocks change, and counted on from there. */
export function clockOf(timeZone: string): Clock {
  const found = known.get(timeZone) ?? walk(timeZone);
  known.set(timeZone, found);
  return found;
}

function walk(timeZone: string): Clock {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const shownAt = (index: number) => Date.parse(`${format.format(START + index * MINUTE).replace(" ", "T")}Z`) / MINUTE;
  const firstDay = Math.floor(shownAt(0) / 1440) - 8;
  const days = Array.from({ length: 412 }, (_, day) => new Date((firstDay + day) * 1440 * MINUTE));
  const clock: Clock = {
    day: new Uint16Array(MINUTES),
    minuteOfDay: new Uint16Array(MINUTES),
    weekday: Uint8Array.from(days, (day) => day.getUTCDay()),
    date: Uint8Array.from(days, (day) => day.getUTCDate()),
    changes: [],
  };
  let last = shownAt(0) - 1;
  for (let index = 0; index < MINUTES; index += 15) {
    const shown = shownAt(index);
    if (shown !== last + 1) clock.changes.push(index);
    for (let later = 0; later < 15; later += 1) {
      last = shown + later;
      clock.day[index + later] = Math.floor(last / 1440) - firstDay;
      clock.minuteOfDay[index + later] = last % 1440;
    }
  }
  return clock;
}
