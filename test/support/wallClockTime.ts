/** What a zone's wall clock shows. Node's own time zone data answers; nothing here knows a zone's rules. */
const clocks = new Map<string, Intl.DateTimeFormat>();

const MINUTE = 60_000;

/**
 * What the clock shows at an instant, as a date whose UTC fields are the clock's.
 *
 * @throws RangeError when there is no such zone
 */
export function wallClock(timeZone: string, instant: Date): Date {
  return new Date(instant.getTime() + offset(timeZone, instant.getTime()));
}

/**
 * The instants at which the clock shows a time between two, without the latter: none where the clock skips them, and twice
 * as many where it is put back.
 *
 * @param from such as the clock shows, as if it were UTC, in milliseconds; so is `until`
 * @returns stretches of instants, in milliseconds
 */
export function instantsBetween(timeZone: string, from: number, until: number): [from: number, until: number][] {
  // No zone is further from UTC, and none changes twice in so short a time.
  const [early, late] = [from - 15 * 60 * MINUTE, until + 15 * 60 * MINUTE];
  const [before, after] = [offset(timeZone, early), offset(timeZone, late)];
  if (before === after) return [[from - before, until - before]];
  const change = changeBetween(timeZone, early, late);
  const stretches: [number, number][] = [
    [from - before, Math.min(until - before, change)],
    [Math.max(from - after, change), until - after],
  ];
  return stretches.filter(([start, end]) => start < end);
}

/** The first minute at which the offset is no longer what it was. */
function changeBetween(timeZone: string, early: number, late: number): number {
  const before = offset(timeZone, early);
  let [unchanged, changed] = [early, late];
  while (changed - unchanged > MINUTE) {
    const middle = Math.floor((unchanged + changed) / 2 / MINUTE) * MINUTE;
    if (offset(timeZone, middle) === before) unchanged = middle;
    else changed = middle;
  }
  return changed;
}

/** How far the clock is ahead of UTC, in milliseconds. */
function offset(timeZone: string, instant: number): number {
  const clock =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat("en-GB", { timeZone, timeZoneName: "longOffset", year: "numeric" });
  clocks.set(timeZone, clock);
  const match = /GMT(?:([+-])(\d\d):(\d\d))?$/.exec(clock.format(instant));
  const [, sign, hours = "0", minutes = "0"] = match ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE;
}
