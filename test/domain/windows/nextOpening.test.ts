import assert from "node:assert/strict";
import type { MaintenanceWindow } from "../../../domain/declaration/window.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { secondsToOpening } from "../../../domain/windows/nextOpening.ts";

const opening = (on: MaintenanceWindow["on"], timeZone = "Etc/UTC") =>
  secondsToOpening({ name: "w", on, at: assumed("02:30"), lasts: assumed("90m"), timeZone });

/** Seconds of 02:30. */
const OPENS = 9000;
const DAY = 86_400;
const WEEK = 7 * DAY;

/** The clock of PromQL begins on a Thursday. Each is one period later, so that nothing is below 0. */
const first = { day: OPENS + DAY, thursday: OPENS + WEEK, wednesday: 6 * DAY + OPENS + WEEK };

// test/rules/dashboards.test.ts compares what they give with a calendar.
describe("the seconds to a window's opening", () => {
  const clock = "(hour() * 60 + minute()) >= 150 and (hour() * 60 + minute()) < 240";

  it("are 0 while it is open, and else counted by the clock of its period", () => {
    assert.equal(
      opening({ every: "day" }),
      `0 * (vector(1) and on () (${clock})) or vector((${first.day} - time() % ${DAY}) % ${DAY})`,
    );
    for (const [weekday, number] of [
      ["thursday", 4],
      ["wednesday", 3],
    ] as const) {
      assert.equal(
        opening({ every: weekday }),
        `0 * (vector(1) and on () (day_of_week() == ${number} and ${clock})) or vector((${first[weekday]} - time() % ${WEEK}) % ${WEEK})`,
      );
    }
  });

  it("are some weeks more to a month's first such weekday", () => {
    const weekly = `(${first.wednesday} - time() % ${WEEK}) % ${WEEK}`;
    const next = `vector(time() + ${weekly})`;
    assert.equal(
      opening({ first: "wednesday" }),
      `0 * (vector(1) and on () (day_of_week() == 3 and day_of_month() <= 7 and ${clock})) or vector(${weekly}` +
        ` + ${WEEK} * scalar((floor((days_in_month(${next}) - day_of_month(${next})) / 7) + 1) * (day_of_month(${next}) > bool 7)))`,
    );
  });

  it("are not known of another zone than UTC", () =>
    assert.throws(() => opening({ every: "day" }, "Europe/Berlin"), RangeError));
});
