import assert from "node:assert/strict";
import { type MaintenanceWindow, maintenanceWindow, type Recurrence } from "../../../domain/declaration/window.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { MINUTES_OF_DAY, minuteOfDay, timeOfDay, windowParts } from "../../../domain/windows/windowParts.ts";

const partsOf = (on: Recurrence, at: string, lasts: MaintenanceWindow["lasts"]["value"]) =>
  windowParts(maintenanceWindow("w", { on, at: assumed(at), lasts: assumed(lasts) }));

describe("the parts of a window", () => {
  it("are one where it closes on the day on which it opens, at midnight too", () => {
    assert.deepEqual(partsOf({ every: "day" }, "02:30", "45m"), [{ from: 150, until: 195 }]);
    assert.deepEqual(partsOf({ every: "sunday" }, "22:00", "2h"), [{ weekday: "sunday", from: 1320, until: 1440 }]);
  });

  it("are one for each day where it goes past midnight, each on its own weekday", () => {
    assert.deepEqual(partsOf({ every: "day" }, "23:00", "2h"), [
      { from: 1380, until: 1440 },
      { from: 0, until: 60 },
    ]);
    assert.deepEqual(partsOf({ every: "friday" }, "22:00", "52h"), [
      { weekday: "friday", from: 1320, until: 1440 },
      { weekday: "saturday", from: 0, until: 1440 },
      { weekday: "sunday", from: 0, until: 1440 },
      { weekday: "monday", from: 0, until: 120 },
    ]);
  });

  it("of a month's first weekday are in its first seven days, and those that follow as much later", () => {
    assert.deepEqual(partsOf({ first: "saturday" }, "22:00", "28h"), [
      { weekday: "saturday", daysOfMonth: { from: 1, to: 7 }, from: 1320, until: 1440 },
      { weekday: "sunday", daysOfMonth: { from: 2, to: 8 }, from: 0, until: 1440 },
      { weekday: "monday", daysOfMonth: { from: 3, to: 9 }, from: 0, until: 120 },
    ]);
  });

  it("are refused where its time or its length cannot be read", () => {
    assert.throws(() => partsOf({ every: "day" }, "24:00", "2h"), /^RangeError: "24:00" is not a time of day$/);
    assert.throws(() => partsOf({ every: "day" }, "02:00", "2" as "2h"), /^RangeError: "2" is not a duration/);
  });
});

describe("a time of day", () => {
  it("is read from midnight to a minute before the next", () => {
    assert.deepEqual(["00:00", "09:05", "19:59", "20:00", "23:59"].map(minuteOfDay), [0, 545, 1199, 1200, 1439]);
    assert.equal(MINUTES_OF_DAY, 1440);
  });

  for (const text of [
    "24:00",
    "02:60",
    "2:00",
    "02:0",
    "0200",
    "02:00:00",
    "102:00",
    "-2:00",
    "a2:00",
    "2a:00",
    "02:a0",
    "02:0a",
    "",
  ]) {
    it(`is not "${text}"`, () =>
      assert.throws(() => minuteOfDay(text), new RangeError(`"${text}" is not a time of day`)));
  }

  it("is written as people write it, the end of a day as 24:00", () =>
    assert.deepEqual([0, 5, 65, 545, 1199, 1440].map(timeOfDay), [
      "00:00",
      "00:05",
      "01:05",
      "09:05",
      "19:59",
      "24:00",
    ]));
});
