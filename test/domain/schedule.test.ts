import assert from "node:assert/strict";
import fc from "fast-check";
import { daily, longestGap, nextRuns, parseSchedule, shortestGap } from "../../domain/schedule.ts";

const MINUTE = 60_000;
const DAYS = 400;
const START = Date.UTC(2027, 0, 1);

/** Every run in 400 days, found minute by minute from the fields alone, as robfig/cron's page describes them. */
function bruteForce(text: string): number[] {
  const fields = text.split(" ");
  const [minutes, hours, days, months, weekdays] = fields.map((field, index) =>
    table(field, index === 2 || index === 3 ? 1 : 0),
  );
  const restricts = (field: string | undefined) => field !== "*" && field !== "*/1";
  const runs: number[] = [];
  for (let at = START; at < START + DAYS * 1440 * MINUTE; at += MINUTE) {
    const date = new Date(at);
    if (!minutes?.[date.getUTCMinutes()] || !hours?.[date.getUTCHours()] || !months?.[date.getUTCMonth() + 1]) continue;
    const onDay = days?.[date.getUTCDate()];
    const onWeekday = weekdays?.[date.getUTCDay()];
    if (restricts(fields[2]) && restricts(fields[4]) ? onDay || onWeekday : onDay && onWeekday) runs.push(at);
  }
  return runs;
}

/** Which values a field names, by trying each. */
function table(field: string, low: number): boolean[] {
  return Array.from({ length: 60 }, (_, value) =>
    field.split(",").some((item) => {
      const [range = "", step] = item.split("/");
      if (range === "*") return value >= low && (value - low) % Number(step ?? 1) === 0;
      const [from = 0, to = step === undefined ? from : 59] = range.split("-").map(Number);
      return value >= from && value <= to && (value - from) % Number(step ?? 1) === 0;
    }),
  );
}

function field(low: number, high: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: low, max: high });
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: high });
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant("*") },
    value.map(String),
    range,
    fc.tuple(fc.constantFrom("*"), step).map(([base, by]) => `${base}/${by}`),
    fc.tuple(value, step).map(([base, by]) => `${base}/${by}`),
    fc.tuple(range, step).map(([base, by]) => `${base}/${by}`),
    fc.uniqueArray(value, { minLength: 2, maxLength: 4 }).map((values) => values.join(",")),
  );
}

const expression = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), fc.constant("*"), field(0, 6))
  .map((parts) => parts.join(" "));

describe("a schedule", () => {
  it("fires in exactly the minutes that a walk over 400 days finds", () => {
    fc.assert(
      fc.property(expression, (text) => {
        const schedule = parseSchedule(text);
        const expected = bruteForce(text).slice(0, 500);
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
        // Where days of the month count, only a leap year or a rare meeting with a weekday may lie further apart or closer.
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

  it("counts the eight years between leap days around 2100", () => {
    assert.equal(longestGap(parseSchedule("0 0 29 2 *")), 2921 * 86_400);
  });

  it("joins a day of month and a day of week by OR, so that first Saturdays need a guard", () => {
    assert.equal(shortestGap(parseSchedule("0 6 1-7 * 6")), 86_400);
  });

  it("reads descriptors and names as Kubernetes does", () => {
    assert.equal(longestGap(parseSchedule("@hourly")), 3600);
    assert.equal(longestGap(parseSchedule("0 0 * JAN Sun")), longestGap(parseSchedule("0 0 * 1 0")));
  });

  for (const [text, message] of [
    ["* * * *", /it has 4 fields; allowed: five/],
    ["60 * * * *", /minute is "60"; allowed: 0 to 59/],
    ["0 0 * * 7", /day of week is "7"; allowed: 0 to 6 or sun to sat/],
    ["0 0 30 2 *", /no such day exists/],
    ["0 5-2 * * *", /"5-2" runs backwards/],
    ["*/0 * * * *", /steps by 0/],
    ["@every 1h", /shift with each restart/],
    ["0 0 L * *", /day of month is "L"/],
  ] as const) {
    it(`refuses "${text}" and says why`, () => assert.throws(() => parseSchedule(text), message));
  }

  it("is made from a time of day, which must be one", () => {
    assert.equal(daily("02:05"), "5 2 * * *");
    assert.throws(() => daily("24:00"), /"24:00" is not a time of day; allowed: 00:00 to 23:59/);
  });
});
