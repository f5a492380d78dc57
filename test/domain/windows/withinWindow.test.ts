import assert from "node:assert/strict";
import fc from "fast-check";
import { type MaintenanceWindow, maintenanceWindow } from "../../../domain/declaration/window.ts";
import { parseSchedule } from "../../../domain/values/schedule.ts";
import { guide } from "../../../domain/values/sourced.ts";
import { weekdays } from "../../../domain/values/weekday.ts";
import { runOutsideWindow } from "../../../domain/windows/withinWindow.ts";
import { isOpen } from "../../support/openings.ts";

const MINUTE = 60_000;
const window = (facts: Partial<MaintenanceWindow>) =>
  maintenanceWindow("weekly", { on: { every: "day" }, at: guide("02:00"), lasts: guide("1h"), ...facts });
const outside = (one: MaintenanceWindow, schedule: string, minutes: number) =>
  runOutsideWindow(one, parseSchedule(schedule), minutes * 60);

describe("a job's runs within a window", () => {
  it("may start as it opens and end as it closes", () => {
    assert.equal(outside(window({}), "0 2 * * *", 60), undefined);
  });

  it("may not last a second longer, nor start a minute earlier", () => {
    assert.deepEqual(runOutsideWindow(window({}), parseSchedule("0 2 * * *"), 3601), {
      starts: new Date("2026-01-01T02:00Z"),
      closed: new Date("2026-01-01T03:00Z"),
    });
    assert.deepEqual(outside(window({}), "59 1 * * *", 10), {
      starts: new Date("2026-01-01T01:59Z"),
      closed: new Date("2026-01-01T01:59Z"),
    });
  });

  it("may go on past midnight with it, into its next day alone", () => {
    const late = window({ on: { first: "saturday" }, at: guide("23:00"), lasts: guide("3h") });
    assert.equal(runOutsideWindow(late, saturdays, 3 * 3600), undefined);
    assert.deepEqual(outside(late, "0 23 * * 6", 180)?.starts, new Date("2026-01-10T23:00Z"));
  });

  it("are compared on the days on which clocks change", () => {
    const berlin = window({ timeZone: "Europe/Berlin", lasts: guide("2h") });
    assert.equal(outside(berlin, "0 1 * * *", 60), undefined);
    assert.equal(outside(berlin, "0 1 * 1,2 *", 120), undefined);
    assert.deepEqual(outside(berlin, "0 1 * * *", 120), {
      starts: new Date("2026-03-29T01:00Z"),
      closed: new Date("2026-03-29T02:00Z"),
    });
  });

  it("end an hour earlier in a night whose clock jumps over an hour of it", () => {
    // 21:00 to 02:01: on 8 March 2026 the clock jumps from 02:00 to 03:00, at 07:00 UTC.
    const late = window({ at: guide("21:00"), lasts: guide("301m"), timeZone: "America/New_York" });
    assert.deepEqual(outside(late, "16 5 8 3 *", 105), {
      starts: new Date("2026-03-08T05:16Z"),
      closed: new Date("2026-03-08T07:00Z"),
    });
    assert.equal(outside(late, "16 5 8 3 *", 104), undefined);
  });

  it("are outside exactly where a minute of one is", () => {
    fc.assert(
      fc.property(
        fc.record({
          on: fc.oneof(
            fc.constantFrom("day" as const, ...weekdays).map((every) => ({ every })),
            fc.constantFrom(...weekdays).map((first) => ({ first })),
          ),
          hour: fc.integer({ min: 0, max: 23 }),
          lasts: fc.integer({ min: 30, max: 600 }),
          timeZone: fc.constantFrom("Etc/UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"),
        }),
        fc.record({ after: fc.integer({ min: -60, max: 660 }), lasts: fc.integer({ min: 1, max: 300 }) }),
        fc.constantFrom("* *", "3,10,11 *", "* 0", "1-7 *"),
        ({ on, hour, lasts, timeZone }, run, days) => {
          const at = `${String(hour).padStart(2, "0")}:00`;
          const one = window({ on, at: guide(at), lasts: guide(`${lasts}m`), timeZone });
          const minute = (hour * 60 + run.after + 1440) % 1440;
          const [day, weekday] = days.split(" ");
          const text = `${minute % 60} ${Math.floor(minute / 60)} ${day} * ${weekday}`;
          assert.deepEqual(outside(one, text, run.lasts), firstOutside(one, text, run.lasts));
        },
      ),
      { numRuns: 40 },
    );
  });
});

const saturdays = {
  ...parseSchedule("0 23 1-7 * *"),
  firesOn: (day: Date) => day.getUTCDate() <= 7 && day.getUTCDay() === 6,
};

/** Minute by minute. */
function firstOutside(one: MaintenanceWindow, text: string, minutes: number) {
  const schedule = parseSchedule(text);
  const [minute = 0] = schedule.minutes;
  for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2028, 0, 2); day += 1440 * MINUTE) {
    if (!schedule.firesOn(new Date(day))) continue;
    const starts = day + minute * MINUTE;
    for (let at = starts; at < starts + minutes * MINUTE; at += MINUTE) {
      if (!isOpen(one, new Date(at))) return { starts: new Date(starts), closed: new Date(at) };
    }
  }
  return undefined;
}
