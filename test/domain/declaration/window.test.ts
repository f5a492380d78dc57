import assert from "node:assert/strict";
import fc from "fast-check";
import { faultsOf } from "../../../domain/declaration/parse.ts";
import {
  type MaintenanceWindow,
  maintenanceWindow,
  type Recurrence,
  windowSchema,
} from "../../../domain/declaration/window.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { weekdays } from "../../../domain/values/weekday.ts";
import { windowFaultsIn } from "../../../domain/windows/windowFaults.ts";
import { promql, type TimeInterval, timeIntervals } from "../../../domain/windows/windowRendering.ts";
import { environmentOf } from "../../support/environment.ts";
import { isOpen, nextOpenings } from "../../support/openings.ts";
import { refused } from "../../support/refused.ts";
import { type Clock, clockOf, MINUTE, MINUTES, START } from "../../support/wallClock.ts";

const zones = ["Etc/UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];

/** Whether the window is open in each minute, by its definition alone: the clock is past an opening by less than its length. */
function openMinutes({ on, at, lasts }: MaintenanceWindow, { day, minuteOfDay, weekday, date }: Clock): Uint8Array {
  const [hour = 0, minute = 0] = at.value.split(":").map(Number);
  const opens = hour * 60 + minute;
  const length = Number.parseInt(lasts.value, 10) * (lasts.value.endsWith("h") ? 60 : 1);
  const isOpeningDay = date.map((inMonth, index) => {
    const today = weekdays[weekday[index] as number];
    if ("first" in on) return Number(today === on.first && inMonth <= 7);
    return Number(on.every === "day" || today === on.every);
  });
  const open = new Uint8Array(MINUTES);
  for (let index = 0; index < MINUTES; index += 1) {
    let since = (minuteOfDay[index] as number) - opens;
    for (let opening = day[index] as number; since < length; opening -= 1, since += 1440) {
      if (since >= 0 && isOpeningDay[opening]) open[index] = 1;
    }
  }
  return open;
}

/** Each time that it opens and closes, from the minutes, without those that the 400 days cut off. */
function stretches(open: Uint8Array): { opens: Date; closes: Date }[] {
  const edges: number[] = [];
  for (let index = 1; index < open.length; index += 1) if (open[index] !== open[index - 1]) edges.push(index);
  const date = (index: number) => new Date(START + index * MINUTE);
  const first = open[0] ? 1 : 0;
  return edges.flatMap((opens, index) => {
    const closes = edges[index + 1];
    return index % 2 === first && closes !== undefined ? [{ opens: date(opens), closes: date(closes) }] : [];
  });
}

/** The minutes in which two readings differ. */
function differences(one: Uint8Array, other: Uint8Array): number[] {
  const found: number[] = [];
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) found.push(index);
  return found;
}

const anyWeekday = fc.constantFrom(...weekdays);
const recurrence = fc.oneof(
  fc.constant<Recurrence>({ every: "day" }),
  anyWeekday.map((every): Recurrence => ({ every })),
  anyWeekday.map((first): Recurrence => ({ first })),
);
const two = (value: number) => String(value).padStart(2, "0");
// Most windows are near a change of the clocks.
const time = fc.tuple(
  fc.oneof(fc.constantFrom(0, 1, 2, 3), fc.integer({ min: 0, max: 23 })),
  fc.oneof(fc.constantFrom(0, 30), fc.integer({ min: 0, max: 59 })),
);
const windows = fc
  .record({ on: recurrence, time, hours: fc.integer({ min: 1, max: 100 }), minutes: fc.integer({ min: 1, max: 300 }) })
  .chain(({ on, time: [hour, minute], hours, minutes }) => {
    const isDaily = "every" in on && on.every === "day";
    const lasts = fc.constantFrom(`${isDaily ? (hours % 23) + 1 : hours}h` as const, `${minutes}m` as const);
    return lasts.map((value) =>
      maintenanceWindow("w", { on, at: assumed(`${two(hour)}:${two(minute)}`), lasts: assumed(value) }),
    );
  });

const weekly = maintenanceWindow("weekly", {
  on: { every: "sunday" },
  at: assumed("02:00"),
  lasts: assumed("2h"),
});
const inBerlin = { ...weekly, timeZone: "Europe/Berlin" };
const iso = (openings: { opens: Date; closes: Date }[]) =>
  openings.map(({ opens, closes }) => [opens, closes].map((date) => date.toISOString().slice(0, 16)));

describe("a maintenance window", function () {
  // Walks over 400 days take seconds on a machine that is busy with other things.
  this.timeout("1m");

  for (const timeZone of zones) {
    it(`in ${timeZone} opens and closes, and mutes, in exactly the minutes that a walk over 400 days finds`, () => {
      const clock = clockOf(timeZone);
      fc.assert(
        fc.property(windows, (utc) => {
          const window = { ...utc, timeZone };
          const open = openMinutes(window, clock);
          const expected = stretches(open);
          assert.deepEqual(nextOpenings(window, new Date(START), expected.length), expected);
          const wrong = sample(open, clock).filter(
            (index) => isOpen(window, new Date(START + index * MINUTE)) !== Boolean(open[index]),
          );
          assert.deepEqual(wrong, []);
          const intervals = timeIntervals(window);
          for (const { location } of intervals) assert.equal(location ?? "Etc/UTC", timeZone);
          assert.deepEqual(differences(mutedMinutes(intervals, clock), open), []);
        }),
        { numRuns: 5 },
      );
    });
  }

  it("is written in PromQL so that it has a series in exactly those minutes", () => {
    const clock = clockOf("Etc/UTC");
    fc.assert(
      fc.property(windows, (window) => {
        const has = evaluated(promql(window));
        const series = new Uint8Array(MINUTES);
        for (let index = 0; index < MINUTES; index += 1) {
          const [day, minute] = [clock.day[index] as number, clock.minuteOfDay[index] as number];
          series[index] = has(clock.weekday[day], clock.date[day], Math.floor(minute / 60), minute % 60) ? 1 : 0;
        }
        assert.deepEqual(differences(series, openMinutes(window, clock)), []);
      }),
      { numRuns: 20 },
    );
  });

  it("is written in PromQL as a person would write it", () => {
    assert.equal(promql(weekly), "vector(1) and on () (day_of_week() == 0 and hour() >= 2 and hour() < 4)");
    assert.equal(
      promql({ ...weekly, on: { every: "day" }, at: assumed("00:00"), lasts: assumed("15m") }),
      "vector(1) and on () ((hour() * 60 + minute()) < 15)",
    );
    assert.equal(
      promql({ ...weekly, at: assumed("00:30"), lasts: assumed("30m") }),
      "vector(1) and on () (day_of_week() == 0 and (hour() * 60 + minute()) >= 30 and (hour() * 60 + minute()) < 60)",
    );
    assert.equal(
      promql({ ...weekly, on: { first: "saturday" }, at: assumed("22:00"), lasts: assumed("4h") }),
      "vector(1) and on () ((day_of_week() == 6 and day_of_month() <= 7 and hour() >= 22)" +
        " or (day_of_week() == 0 and day_of_month() >= 2 and day_of_month() <= 8 and hour() < 2))",
    );
  });

  it("is passed to Alertmanager without a time or a weekday that wraps", () => {
    assert.deepEqual(
      timeIntervals({ ...inBerlin, on: { first: "saturday" }, at: assumed("22:00"), lasts: assumed("28h") }),
      [
        {
          times: [{ start_time: "22:00", end_time: "24:00" }],
          weekdays: ["saturday"],
          days_of_month: ["1:7"],
          location: "Europe/Berlin",
        },
        { weekdays: ["sunday"], days_of_month: ["2:8"], location: "Europe/Berlin" },
        {
          times: [{ start_time: "00:00", end_time: "02:00" }],
          weekdays: ["monday"],
          days_of_month: ["3:9"],
          location: "Europe/Berlin",
        },
      ],
    );
  });

  it("in another zone than UTC cannot be written in PromQL", () => {
    assert.throws(() => promql(inBerlin), /window "weekly" is in Europe\/Berlin, which PromQL cannot express/);
  });

  it("in UTC is written in PromQL by either of the zone's names", () => {
    assert.equal(promql({ ...weekly, timeZone: "UTC" }), promql(weekly));
  });

  it("is an hour shorter where the clock is put forward, and an hour longer where it is put back", () => {
    assert.deepEqual(iso(nextOpenings(inBerlin, new Date("2027-03-25"), 1)), [
      ["2027-03-28T01:00", "2027-03-28T02:00"],
    ]);
    assert.deepEqual(iso(nextOpenings(inBerlin, new Date("2027-10-28"), 1)), [
      ["2027-10-31T00:00", "2027-10-31T03:00"],
    ]);
  });

  it("does not open where the clock skips it, and opens twice where the clock shows it twice", () => {
    const half = { ...inBerlin, at: assumed("02:15"), lasts: assumed("30m" as const) };
    assert.deepEqual(iso(nextOpenings(half, new Date("2027-03-25"), 1)), [["2027-04-04T00:15", "2027-04-04T00:45"]]);
    assert.deepEqual(iso(nextOpenings(half, new Date("2027-10-28"), 2)), [
      ["2027-10-31T00:15", "2027-10-31T00:45"],
      ["2027-10-31T01:15", "2027-10-31T01:45"],
    ]);
  });

  it("that opens at an instant has opened: the next opening is the one after", () => {
    assert.deepEqual(iso(nextOpenings(weekly, new Date("2027-01-03T02:00Z"), 1)), [
      ["2027-01-10T02:00", "2027-01-10T04:00"],
    ]);
  });

  it("has no fault in any zone of the property tests, and as long as its recurrence allows", () => {
    const faults = (changes: Partial<MaintenanceWindow>) => [
      ...faultsOf(windowSchema, { ...weekly, ...changes }),
      ...windowFaultsIn(environmentOf("prod"), { ...weekly, ...changes }, "windows[0]"),
    ];
    for (const timeZone of zones) assert.deepEqual(faults({ timeZone }), []);
    assert.deepEqual(faults({ on: { every: "day" }, lasts: assumed("1439m") }), []);
    assert.deepEqual(faults({ lasts: assumed("167h") }), []);
  });

  it("in another zone than UTC is refused where the Alertmanager is shared", () => {
    assert.deepEqual(refused(windowFaultsIn(environmentOf("staging"), inBerlin, "windows[0]")), [
      ["window-not-in-utc", "windows[0].timeZone"],
    ]);
    assert.deepEqual(windowFaultsIn(environmentOf("staging"), weekly, "windows[0]"), []);
    assert.deepEqual(windowFaultsIn(environmentOf("prod"), inBerlin, "windows[0]"), []);
  });
});

/** Minutes to ask one by one: those at an edge, every one within a day of a change of the clock, and one in 997. */
function sample(open: Uint8Array, { changes }: Clock): number[] {
  const chosen: number[] = [];
  for (let index = 0; index < open.length; index += 1) {
    const isEdge = open[index] !== open[index - 1] || open[index] !== open[index + 1];
    if (isEdge || index % 997 === 0 || changes.some((change) => Math.abs(change - index) < 1440)) chosen.push(index);
  }
  return chosen;
}

/** In which minutes Alertmanager is muted by intervals, as its TimeInterval.ContainsTime reads them. */
function mutedMinutes(intervals: TimeInterval[], { day, minuteOfDay, weekday, date }: Clock): Uint8Array {
  const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  const read = intervals.map(({ times, weekdays: on, days_of_month: days }) => ({
    times: times?.map(({ start_time, end_time }) => [minutes(start_time), minutes(end_time)] as const),
    on: on?.map((name) => (weekdays as readonly string[]).indexOf(name)),
    days: days?.map((range) => range.split(":").map(Number) as [number, number]),
  }));
  const muted = new Uint8Array(MINUTES);
  for (let index = 0; index < MINUTES; index += 1) {
    const minute = minuteOfDay[index] as number;
    const today = day[index] as number;
    const inMonth = date[today] as number;
    const isMuted = read.some(
      ({ times, on, days }) =>
        (times?.some(([start, end]) => minute >= start && minute < end) ?? true) &&
        (on?.includes(weekday[today] as number) ?? true) &&
        (days?.some(([first, last]) => inMonth >= first && inMonth <= last) ?? true),
    );
    muted[index] = isMuted ? 1 : 0;
  }
  return muted;
}

type Evaluated = (weekday?: number, date?: number, hour?: number, minute?: number) => boolean;

/** Reads the part of PromQL that windows are written in; `and`, `or` and comparisons bind as JavaScript's do. */
function evaluated(expression: string): Evaluated {
  const prefix = "vector(1) and on () ";
  assert.ok(expression.startsWith(prefix));
  const body = expression
    .slice(prefix.length)
    .replaceAll(" and ", " && ")
    .replaceAll(" or ", " || ")
    .replaceAll("day_of_week()", "weekday")
    .replaceAll("day_of_month()", "date")
    .replaceAll("hour()", "hour")
    .replaceAll("minute()", "minute");
  assert.match(body, /^[\d\s()&|<>=*+]*(?:(?:weekday|date|hour|minute)[\d\s()&|<>=*+]*)*$/);
  return new Function("weekday", "date", "hour", "minute", `return ${body}`) as Evaluated;
}
