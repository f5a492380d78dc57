import fc from "fast-check";

/** Schedules to try, and an oracle that finds their runs without the code under test. */
const MINUTE = 60_000;
const DAYS = 400;
export const START = Date.UTC(2027, 0, 1);

/** Every run in 400 days, in milliseconds, found minute by minute from the fields alone, as robfig/cron's page describes them. */
export function bruteForce(text: string): number[] {
  const fields = text.split(" ");
  const [minutes, hours, days, months, weekdays] = fields.map((field, index) =>
    table(field, index === 2 || index === 3 ? 1 : 0),
  );
  const restricts = (field: string | undefined) => field !== "*" && field !== "*/1";
  const runs: number[] = [];
  for (let day = START; day < START + DAYS * 1440 * MINUTE; day += 1440 * MINUTE) {
    const date = new Date(day);
    const onDay = days?.[date.getUTCDate()];
    const onWeekday = weekdays?.[date.getUTCDay()];
    const fires = restricts(fields[2]) && restricts(fields[4]) ? onDay || onWeekday : onDay && onWeekday;
    if (!fires || !months?.[date.getUTCMonth() + 1]) continue;
    for (let hour = 0; hour < 24; hour += 1) {
      if (!hours?.[hour]) continue;
      for (let minute = 0; minute < 60; minute += 1) {
        if (minutes?.[minute]) runs.push(day + (hour * 60 + minute) * MINUTE);
      }
    }
  }
  return runs;
}

/** Which values a field names, by trying each. */
export function table(field: string, low: number): boolean[] {
  return Array.from({ length: 60 }, (_, value) =>
    field.split(",").some((item) => {
      const [range = "", step] = item.split("/");
      if (range === "*") return value >= low && (value - low) % Number(step ?? 1) === 0;
      const [from = 0, to = step === undefined ? from : 59] = range.split("-").map(Number);
      return value >= from && value <= to && (value - from) % Number(step ?? 1) === 0;
    }),
  );
}

export function field(low: number, high: number): fc.Arbitrary<string> {
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
