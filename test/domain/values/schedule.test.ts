import assert from "node:assert/strict";
import fc from "fast-check";
import { daily, longestGap, narrowed, parseSchedule, shortestGap } from "../../../domain/values/schedule.ts";
import { bruteForce, field, START, table } from "../../support/cron.ts";
import { nextRuns } from "../../support/nextRuns.ts";

const DAY = 86_400_000;

const expression = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), fc.constant("*"), field(0, 6))
  .map((parts) => parts.join(" "));

/** Days of any month, in any months: what a year or two cannot show in full. */
const dates = fc
  .tuple(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 6))
  .map((parts) => parts.join(" "))
  .filter((text) => bruteForce(text).length > 1);

/** Seconds between the runs that are furthest apart and closest together, in two turns of the Gregorian calendar, day by day. */
function calendarGaps(text: string): { longest: number; shortest: number } {
  const fields = text.split(" ");
  const [minutes, hours, days, months, weekdays] = fields.map((part, index) =>
    table(part, index === 2 || index === 3 ? 1 : 0),
  ) as [boolean[], boolean[], boolean[], boolean[], boolean[]];
  const times = Array.from({ length: 1440 }, (_, minute) => minute).filter(
    (minute) => hours[Math.floor(minute / 60)] && minutes[minute % 60],
  );
  const isOr = [fields[2], fields[4]].every((part) => part !== "*" && part !== "*/1");
  const [first = 0, end = 0] = [times[0], times.at(-1)];
  const gaps = new Set(times.slice(1).map((minute, index) => minute - (times[index] as number)));
  let last: number | undefined;
  const date = new Date(0);
  for (let day = 0; day < 2 * 146_097; day += 1) {
    date.setTime(day * DAY);
    const [onDate, onWeekday] = [days[date.getUTCDate()], weekdays[date.getUTCDay()]];
    if (!months[date.getUTCMonth() + 1] || !(isOr ? onDate || onWeekday : onDate && onWeekday)) continue;
    if (last !== undefined) gaps.add(day * 1440 + first - last);
    last = day * 1440 + end;
  }
  return { longest: Math.max(...gaps) * 60, shortest: Math.min(...gaps) * 60 };
}

describe("a schedule", function () {
  // Walks over 400 days take seconds on a machine that is busy with other things.
  this.timeout("1m");

  it("fires in exactly the minutes that a walk over 400 days finds", () => {
    fc.assert(
      fc.property(expression, (text) => {
        const schedule = parseSchedule(text);
        const expected = bruteForce(text).slice(0, 200);
        const found = nextRuns(schedule, new Date(START - 1), expected.length).map((date) => date.getTime());
        assert.deepEqual(found, expected);
      }),
      { numRuns: 15 },
    );
  });

  it("has the longest and shortest gaps that a walk over 400 days finds", () => {
    fc.assert(
      fc.property(expression, (text) => {
        const runs = bruteForce(text);
        const gaps = runs.slice(1).map((at, index) => (at - (runs[index] as number)) / 1000);
        const largest = gaps.reduce((a, b) => Math.max(a, b));
        const schedule = parseSchedule(text);
        assert.ok(longestGap(schedule) >= largest);
        // Where days of the month count, only runs in a leap year or on a rare meeting with a weekday may be further apart or closer.
        if (text.split(" ")[2] === "*") {
          assert.equal(longestGap(schedule), largest);
          assert.equal(
            shortestGap(schedule),
            gaps.reduce((a, b) => Math.min(a, b)),
          );
        }
      }),
      { numRuns: 15 },
    );
  });

  it("fires on exactly the days that a walk over 400 days finds, months and month ends included", () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: 0, max: 300 * 1440 }), (text, minute) => {
        const schedule = parseSchedule(text);
        const runs = bruteForce(text);
        const days = new Set(runs.map((at) => Math.floor(at / DAY)));
        for (let day = START; day < START + 400 * DAY; day += DAY) {
          assert.equal(schedule.firesOn(new Date(day)), days.has(day / DAY), new Date(day).toISOString());
        }
        const after = START + minute * 60_000;
        const expected = runs.filter((at) => at > after).slice(0, 200);
        const found = nextRuns(schedule, new Date(after), expected.length).map((date) => date.getTime());
        assert.deepEqual(found, expected);
      }),
      { numRuns: 8 },
    );
  });

  it("has the longest and shortest gaps that a walk over the 400 years of the calendar finds", () => {
    fc.assert(
      fc.property(dates, (text) => {
        const gaps = calendarGaps(text);
        const schedule = parseSchedule(text);
        assert.equal(longestGap(schedule), gaps.longest);
        assert.equal(shortestGap(schedule), gaps.shortest);
      }),
      { numRuns: 6 },
    );
  });

  it("counts the eight years between leap days around 2100", () => {
    assert.equal(longestGap(parseSchedule("0 0 29 2 *")), 2921 * 86_400);
  });

  it("joins a day of month and a day of week by OR, so that first Saturdays need a guard", () => {
    assert.equal(shortestGap(parseSchedule("0 6 1-7 * 6")), 86_400);
  });

  it("reads descriptors and names as Kubernetes does", () => {
    const same = (text: string, fields: string) =>
      assert.equal(parseSchedule(text).normalized, parseSchedule(fields).normalized, text);
    same("@yearly", "0 0 1 1 *");
    same("@annually", "0 0 1 1 *");
    same("@monthly", "0 0 1 * *");
    same("@weekly", "0 0 * * 0");
    same("@daily", "0 0 * * *");
    same("@midnight", "0 0 * * *");
    same("@hourly", "0 * * * *");
    const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
    for (const [index, name] of months.entries()) same(`0 0 1 ${name} *`, `0 0 1 ${index + 1} *`);
    const weekdays = "sun mon tue wed thu fri sat".split(" ");
    for (const [index, name] of weekdays.entries()) same(`0 0 * * ${name}`, `0 0 * * ${index}`);
    same("0 0 * JAN Sun", "0 0 * 1 0");
  });

  it("states its minutes in order, what restricts its days, and the weekdays that add to its dates", () => {
    const parts = (text: string) => {
      const { firesOn, ...told } = parseSchedule(text);
      return told;
    };
    assert.deepEqual(parts("30,0 2,1 1-2 JAN,Feb 5,1"), {
      text: "30,0 2,1 1-2 JAN,Feb 5,1",
      minutes: [60, 90, 120, 150],
      days: "1-2 JAN,Feb 5,1",
      orWeekdays: [1, 5],
      normalized: "30,0 2,1 1,2 1,2 5,1",
    });
    const restricting = (text: string) => {
      const { days, orWeekdays } = parts(text);
      return [days, orWeekdays];
    };
    assert.deepEqual(restricting("0 2 * * *"), [undefined, undefined]);
    assert.deepEqual(restricting("0 2 * * 6,0"), ["* * 6,0", undefined]);
    assert.deepEqual(restricting("0 2 * 1 *"), ["* 1 *", undefined]);
    assert.deepEqual(restricting("0 2 1 * *"), ["1 * *", undefined]);
    assert.deepEqual(restricting("0 2 1 * ?"), ["1 * ?", undefined]);
  });

  it("has its longest gap within a day where it fires at both ends of it", () =>
    assert.equal(longestGap(parseSchedule("0 0,23 * * *")), 23 * 3600));

  it("may be written with more space than it needs", () =>
    assert.equal(parseSchedule("  0 2   * * * ").normalized, "0 2 * * *"));

  it("with some of its days alone fires on these, and is refused without any", () => {
    const saturday = (day: Date) => day.getUTCDay() === 6;
    const first = narrowed(parseSchedule("0 6 1-7 * *"), "saturday", saturday);
    const runs = nextRuns(first, new Date("2027-01-01T00:00:00Z"), 2).map((run) => run.toISOString());
    assert.deepEqual(runs, ["2027-01-02T06:00:00.000Z", "2027-02-06T06:00:00.000Z"]);
    const fires = ["2027-01-02", "2027-01-03", "2027-01-09"].map((day) => first.firesOn(new Date(day)));
    assert.deepEqual(fires, [true, false, false]);
    assert.equal(first.days, "1-7 * * saturday");
    const weekly = narrowed(parseSchedule("0 6 * * *"), "saturday", saturday);
    assert.equal(weekly.days, "* * * saturday");
    assert.equal(longestGap(weekly), 7 * 86_400);
    assert.throws(() => narrowed(parseSchedule("0 6 * * 0"), "saturday", saturday), { code: "schedule-never-runs" });
  });

  it("fires by UTC, wherever the machine is", () => {
    const { TZ } = process.env;
    process.env.TZ = "Asia/Tokyo";
    try {
      const [run] = nextRuns(parseSchedule("0 2 * * *"), new Date("2027-01-01T00:00:00Z"), 1);
      assert.equal(run?.toISOString(), "2027-01-01T02:00:00.000Z");
    } finally {
      if (TZ === undefined) delete process.env.TZ;
      else process.env.TZ = TZ;
    }
  });

  for (const [text, code] of [
    ["constructor", "schedule-unreadable"],
    ["* * * *", "schedule-unreadable"],
    ["60 * * * *", "schedule-unreadable"],
    ["0 24 * * *", "schedule-unreadable"],
    ["0 0 0 * *", "schedule-unreadable"],
    ["0 0 1 13 *", "schedule-unreadable"],
    ["0 0 * * 7", "schedule-unreadable"],
    ["0 0 L * *", "schedule-unreadable"],
    ["0 5-2 * * *", "schedule-unreadable"],
    ["*/0 * * * *", "schedule-unreadable"],
    ["0 1-2-3 * * *", "schedule-unreadable"],
    ["0 0 30 2 *", "schedule-never-runs"],
    ["@every 1h", "schedule-drifts"],
  ] as const) {
    it(`refuses "${text}"`, () => assert.throws(() => parseSchedule(text), { name: "ScheduleError", code }));
  }

  it("is made from a time of day, which must be one", () => {
    assert.equal(daily("02:05"), "5 2 * * *");
    for (const time of ["24:00", "12:60", "112:00", "12:000", "2:00"]) assert.throws(() => daily(time), RangeError);
  });
});
