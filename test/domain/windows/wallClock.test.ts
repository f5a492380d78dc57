import assert from "node:assert/strict";
import { instantsBetween, wallClock } from "../../support/wallClockTime.ts";

const instant = (text: string) => Date.parse(`${text}Z`);
const iso = (time: number) => new Date(time).toISOString().slice(0, 16);
const between = (timeZone: string, from: string, until: string) =>
  instantsBetween(timeZone, instant(from), instant(until)).map((stretch) => stretch.map(iso).join(" to "));

describe("a wall clock", () => {
  for (const [timeZone, shown] of [
    ["Etc/UTC", "2027-07-01T12:00"],
    ["Europe/Berlin", "2027-07-01T14:00"],
    ["America/New_York", "2027-07-01T08:00"],
    ["Asia/Kolkata", "2027-07-01T17:30"],
    ["America/St_Johns", "2027-07-01T09:30"],
  ] as const) {
    it(`shows the time of ${timeZone}`, () =>
      assert.equal(iso(wallClock(timeZone, new Date("2027-07-01T12:00Z")).getTime()), shown));
  }

  it("is put forward and back", () => {
    const berlin = (text: string) => iso(wallClock("Europe/Berlin", new Date(instant(text))).getTime());
    assert.deepEqual(["2027-03-28T00:59", "2027-03-28T01:00"].map(berlin), ["2027-03-28T01:59", "2027-03-28T03:00"]);
    assert.deepEqual(["2027-10-31T00:59", "2027-10-31T01:00"].map(berlin), ["2027-10-31T02:59", "2027-10-31T02:00"]);
  });

  it("is refused for a zone that does not exist", () =>
    assert.throws(() => wallClock("Mars/Olympus", new Date("2027-07-01T12:00Z")), RangeError));
});

describe("the instants at which a clock shows a time", () => {
  it("are those of one stretch on most days", () => {
    assert.deepEqual(between("Europe/Berlin", "2027-07-01T02:00", "2027-07-01T04:00"), [
      "2027-07-01T00:00 to 2027-07-01T02:00",
    ]);
    assert.deepEqual(between("America/New_York", "2027-07-01T02:00", "2027-07-01T04:00"), [
      "2027-07-01T06:00 to 2027-07-01T08:00",
    ]);
  });

  for (const [timeZone, day, change] of [
    ["Europe/Berlin", "2027-03-28", "01:00"],
    ["America/New_York", "2027-03-14", "07:00"],
  ] as const) {
    const at = (hour: string) => `${day}T${hour}`;

    it(`are fewer where ${timeZone} is put forward`, () => {
      const [found, ...more] = between(timeZone, at("01:30"), at("03:30"));
      const minutes = (time: string) => iso(instant(at(change)) + (time.startsWith("-") ? -30 : 30) * 60_000);
      assert.equal(found, `${minutes("-30")} to ${at(change)}`);
      assert.deepEqual(more, [`${at(change)} to ${minutes("30")}`]);
    });

    it(`do not exist where ${timeZone} skips them`, () => {
      assert.deepEqual(between(timeZone, at("02:15"), at("02:45")), []);
      assert.deepEqual(between(timeZone, at("02:00"), at("03:00")), []);
    });
  }

  it("are twice as many where the clock is put back", () => {
    assert.deepEqual(between("Europe/Berlin", "2027-10-31T02:15", "2027-10-31T02:45"), [
      "2027-10-31T00:15 to 2027-10-31T00:45",
      "2027-10-31T01:15 to 2027-10-31T01:45",
    ]);
    assert.deepEqual(between("America/New_York", "2027-11-07T01:15", "2027-11-07T01:45"), [
      "2027-11-07T05:15 to 2027-11-07T05:45",
      "2027-11-07T06:15 to 2027-11-07T06:45",
    ]);
  });
});
