import assert from "node:assert/strict";
import { type MaintenanceWindow, maintenanceWindow, type Recurrence } from "../../../domain/declaration/window.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { promql, timeIntervals } from "../../../domain/windows/windowRendering.ts";

const window = (on: Recurrence, at: string, lasts: MaintenanceWindow["lasts"]["value"]) =>
  maintenanceWindow("w", { on, at: assumed(at), lasts: assumed(lasts) });
const inBerlin = (of: MaintenanceWindow) => ({ ...of, timeZone: "Europe/Berlin" });

const daily = window({ every: "day" }, "02:00", "2h");
const overnight = window({ first: "saturday" }, "22:00", "28h");

// test/domain/declaration/window.test.ts compares both with what the windows mean, minute by minute.
describe("a window in PromQL", () => {
  it("says nothing of what every day and every hour is", () => {
    assert.equal(promql(daily), "vector(1) and on () (hour() >= 2 and hour() < 4)");
    assert.equal(
      promql(window({ every: "day" }, "00:00", "15m")),
      "vector(1) and on () ((hour() * 60 + minute()) < 15)",
    );
    assert.equal(
      promql(window({ every: "monday" }, "22:00", "2h")),
      "vector(1) and on () (day_of_week() == 1 and hour() >= 22)",
    );
    assert.equal(promql(window({ every: "sunday" }, "00:00", "24h")), "vector(1) and on () (day_of_week() == 0)");
  });

  it("counts minutes where it opens or closes within an hour", () => {
    assert.equal(
      promql(window({ every: "day" }, "01:30", "90m")),
      "vector(1) and on () ((hour() * 60 + minute()) >= 90 and (hour() * 60 + minute()) < 180)",
    );
    assert.equal(
      promql(window({ every: "day" }, "01:00", "90m")),
      "vector(1) and on () ((hour() * 60 + minute()) >= 60 and (hour() * 60 + minute()) < 150)",
    );
  });

  it("is a condition for each day that it covers a part of, the first days of a month from the second on", () => {
    assert.equal(
      promql(overnight),
      "vector(1) and on () ((day_of_week() == 6 and day_of_month() <= 7 and hour() >= 22)" +
        " or (day_of_week() == 0 and day_of_month() >= 2 and day_of_month() <= 8)" +
        " or (day_of_week() == 1 and day_of_month() >= 3 and day_of_month() <= 9 and hour() < 2))",
    );
  });

  it("cannot be written in another zone than UTC, whatever that is called", () => {
    assert.throws(
      () => promql(inBerlin(daily)),
      new RangeError('window "w" is in Europe/Berlin, which PromQL cannot express'),
    );
    assert.equal(promql({ ...daily, timeZone: "UTC" }), promql(daily));
  });
});

describe("a window's time intervals", () => {
  it("have a time where it is not the whole day, and days only where it is not every day", () => {
    assert.deepEqual(timeIntervals(daily), [{ times: [{ start_time: "02:00", end_time: "04:00" }] }]);
    assert.deepEqual(timeIntervals(window({ every: "day" }, "00:00", "1439m")), [
      { times: [{ start_time: "00:00", end_time: "23:59" }] },
    ]);
    assert.deepEqual(timeIntervals(window({ every: "day" }, "00:01", "1439m")), [
      { times: [{ start_time: "00:01", end_time: "24:00" }] },
    ]);
    assert.deepEqual(timeIntervals(window({ every: "sunday" }, "00:00", "24h")), [{ weekdays: ["sunday"] }]);
  });

  it("are one for each day that it covers a part of, in its own zone", () => {
    const days = [
      {
        times: [{ start_time: "22:00", end_time: "24:00" }],
        weekdays: ["saturday"],
        days_of_month: ["1:7"],
      },
      { weekdays: ["sunday"], days_of_month: ["2:8"] },
      { times: [{ start_time: "00:00", end_time: "02:00" }], weekdays: ["monday"], days_of_month: ["3:9"] },
    ];
    assert.deepEqual(timeIntervals(overnight), days);
    assert.deepEqual(
      timeIntervals(inBerlin(overnight)),
      days.map((day) => ({ ...day, location: "Europe/Berlin" })),
    );
  });
});
