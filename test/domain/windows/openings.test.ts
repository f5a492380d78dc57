import assert from "node:assert/strict";
import { type MaintenanceWindow, maintenanceWindow, type Recurrence } from "../../../domain/declaration/window.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { isOpen, nextOpenings } from "../../support/openings.ts";

const window = (on: Recurrence, at: string, lasts: MaintenanceWindow["lasts"]["value"], timeZone = "Etc/UTC") => ({
  ...maintenanceWindow("w", { on, at: assumed(at), lasts: assumed(lasts) }),
  timeZone,
});
const next = (of: MaintenanceWindow, after: string, count: number) =>
  nextOpenings(of, new Date(`${after}Z`), count).map(({ opens, closes }) =>
    [opens, closes].map((date) => date.toISOString().slice(0, 16)).join(" to "),
  );
const open = (of: MaintenanceWindow, ...instants: string[]) =>
  instants.filter((instant) => isOpen(of, new Date(`${instant}Z`)));

const daily = window({ every: "day" }, "02:30", "45m");
const weekend = window({ every: "saturday" }, "22:00", "28h");
const monthly = window({ first: "saturday" }, "22:00", "4h");

// test/domain/declaration/window.test.ts compares both with a walk over 400 days, in five zones. 2027-01-02 is a Saturday.
describe("a window is open", () => {
  it("from its first minute until just before its last", () =>
    assert.deepEqual(
      open(
        daily,
        "2027-01-04T02:29",
        "2027-01-04T02:30",
        "2027-01-04T03:14",
        "2027-01-04T03:14:59",
        "2027-01-04T03:15",
      ),
      ["2027-01-04T02:30", "2027-01-04T03:14", "2027-01-04T03:14:59"],
    ));

  it("on its weekday and the days that it goes on into", () =>
    assert.deepEqual(
      open(
        weekend,
        ...["2027-01-01T23:00", "2027-01-02T21:59", "2027-01-02T22:00", "2027-01-03T12:00", "2027-01-04T01:59"],
        ...["2027-01-04T02:00", "2027-01-05T01:00"],
      ),
      ["2027-01-02T22:00", "2027-01-03T12:00", "2027-01-04T01:59"],
    ));

  it("on a month's first such day alone, the seventh of the month at the latest", () => {
    // August 2027 begins with a Sunday, May with a Saturday.
    const first = ["2027-01-02T22:00", "2027-01-03T01:00", "2027-05-01T22:00", "2027-05-02T01:00", "2027-08-07T22:00"];
    const second = ["2027-01-09T22:00", "2027-01-10T01:00", "2027-05-08T22:00", "2027-08-14T22:00"];
    const before = ["2027-04-24T22:00", "2027-07-31T22:00", "2027-08-01T01:00"];
    assert.deepEqual(open(monthly, ...first, ...second, ...before), first);
  });

  it("by the clock of its own zone", () => {
    const india = window({ every: "sunday" }, "02:30", "1h", "Asia/Kolkata");
    assert.deepEqual(open(india, "2027-01-02T20:59", "2027-01-02T21:00", "2027-01-02T21:59", "2027-01-03T21:00"), [
      "2027-01-02T21:00",
      "2027-01-02T21:59",
    ]);
  });
});

describe("the next openings of a window", () => {
  it("are as many as asked for, in order", () => {
    assert.deepEqual(next(daily, "2027-01-01T12:00", 3), [
      "2027-01-02T02:30 to 2027-01-02T03:15",
      "2027-01-03T02:30 to 2027-01-03T03:15",
      "2027-01-04T02:30 to 2027-01-04T03:15",
    ]);
    assert.deepEqual(next(daily, "2027-01-01T12:00", 0), []);
  });

  it("leave out the one that is open, and the one that opens at the instant", () => {
    for (const after of ["2027-01-02T22:00", "2027-01-03T12:00", "2027-01-04T01:00"]) {
      assert.deepEqual(next(weekend, after, 1), ["2027-01-09T22:00 to 2027-01-11T02:00"], after);
    }
    assert.deepEqual(next(weekend, "2027-01-02T21:59", 1), ["2027-01-02T22:00 to 2027-01-04T02:00"]);
  });

  it("are whole where they go past midnight, the last of them too", () => {
    assert.deepEqual(next(weekend, "2027-01-01T00:00", 2), [
      "2027-01-02T22:00 to 2027-01-04T02:00",
      "2027-01-09T22:00 to 2027-01-11T02:00",
    ]);
    const long = window({ every: "monday" }, "12:00", "167h");
    assert.deepEqual(next(long, "2027-01-10T12:00", 1), ["2027-01-11T12:00 to 2027-01-18T11:00"]);
    const overnight = window({ every: "day" }, "23:00", "23h");
    assert.deepEqual(next(overnight, "2027-01-02T12:00", 2), [
      "2027-01-02T23:00 to 2027-01-03T22:00",
      "2027-01-03T23:00 to 2027-01-04T22:00",
    ]);
  });

  it("of a month's first weekday are a month apart", () =>
    assert.deepEqual(next(monthly, "2027-01-03T00:00", 3), [
      "2027-02-06T22:00 to 2027-02-07T02:00",
      "2027-03-06T22:00 to 2027-03-07T02:00",
      "2027-04-03T22:00 to 2027-04-04T02:00",
    ]));

  it("are by the clock of its own zone, which is put forward and back", () => {
    const berlin = window({ every: "sunday" }, "02:15", "30m", "Europe/Berlin");
    assert.deepEqual(next(berlin, "2027-03-20T12:00", 2), [
      "2027-03-21T01:15 to 2027-03-21T01:45",
      "2027-04-04T00:15 to 2027-04-04T00:45",
    ]);
    assert.deepEqual(next(berlin, "2027-10-30T12:00", 3), [
      "2027-10-31T00:15 to 2027-10-31T00:45",
      "2027-10-31T01:15 to 2027-10-31T01:45",
      "2027-11-07T01:15 to 2027-11-07T01:45",
    ]);
  });
});
