import assert from "node:assert/strict";
import { type MaintenanceWindow, maintenanceWindow } from "../../../domain/declaration/window.ts";
import type { Duration } from "../../../domain/values/duration.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { windowFaults, windowFaultsIn } from "../../../domain/windows/windowFaults.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";

const weekly = maintenanceWindow("weekly", { on: { every: "sunday" }, at: assumed("02:00"), lasts: assumed("2h") });
const faults = (changes: Partial<MaintenanceWindow>) => refused(windowFaults({ ...weekly, ...changes }, "w"));
const lasting = (lasts: string, on: MaintenanceWindow["on"] = weekly.on) =>
  faults({ on, lasts: assumed(lasts as Duration) });

describe("a window's declaration", () => {
  it("has no fault with a name, a time, a length and a zone", () => {
    assert.deepEqual(faults({}), []);
    for (const name of ["w", "first-of-2027", "a".repeat(40)]) assert.deepEqual(faults({ name }), []);
    for (const at of ["00:00", "23:59"]) assert.deepEqual(faults({ at: assumed(at) }), []);
    for (const timeZone of ["UTC", "Etc/UTC", "Etc/GMT+1", "America/Argentina/Buenos_Aires", "America/Port-au-Prince"])
      assert.deepEqual(faults({ timeZone }), [], timeZone);
  });

  it("is refused with a name that no object could have, or that is too long", () => {
    for (const name of ["", "Weekly", "-weekly", "weekly-", "a".repeat(41)]) {
      assert.deepEqual(faults({ name }), [["window-name-invalid", "w.name"]]);
    }
  });

  it("is refused with a time that no clock shows", () =>
    assert.deepEqual(faults({ at: assumed("24:00") }), [["window-time-invalid", "w.at"]]));

  it("is refused with a length that is none, or ends within a minute", () => {
    for (const lasts of ["2", "90s"]) assert.deepEqual(lasting(lasts), [["window-length-invalid", "w.lasts"]]);
    assert.deepEqual(lasting("60s"), []);
  });

  it("is refused where it would not end before the next one opens, or for a week", () => {
    assert.deepEqual(lasting("1439m", { every: "day" }), []);
    assert.deepEqual(lasting("1d", { every: "day" }), [["window-too-long", "w.lasts"]]);
    for (const on of [{ every: "sunday" }, { first: "sunday" }] as const) {
      assert.deepEqual(lasting("10079m", on), []);
      assert.deepEqual(lasting("7d", on), [["window-too-long", "w.lasts"]]);
    }
  });

  it("is refused with a zone that does not exist, or is written otherwise", () => {
    const existing = [
      "Europe/BERLIN",
      "europe/Berlin",
      "america/Argentina/ComodRivadavia",
      "America/Argentina/comodRivadavia",
      "US/PACIFIC",
      "ETC/UCT",
    ];
    for (const timeZone of [...existing, "Mars/Olympus", "+02:00", "Europe/Berlin ", "EST", ""]) {
      assert.deepEqual(faults({ timeZone }), [["time-zone-unknown", "w.timeZone"]], timeZone);
    }
  });

  it("may have a zone's older name", () => {
    for (const timeZone of ["Asia/Calcutta", "US/Pacific", "Etc/UCT"]) assert.deepEqual(faults({ timeZone }), []);
  });

  it("is told of all that is wrong with it", () => {
    const wrong = { name: "W", at: assumed("2"), lasts: assumed("2" as Duration), timeZone: "Mars/Olympus" };
    assert.deepEqual(faults(wrong), [
      ["window-name-invalid", "w.name"],
      ["window-time-invalid", "w.at"],
      ["window-length-invalid", "w.lasts"],
      ["time-zone-unknown", "w.timeZone"],
    ]);
  });
});

describe("a window in an environment", () => {
  const inBerlin = { ...weekly, timeZone: "Europe/Berlin" };

  it("may be in any zone where Upkeep owns the Alertmanager, and in UTC everywhere", () => {
    assert.deepEqual(windowFaultsIn(environmentOf("prod"), inBerlin, "w"), []);
    assert.deepEqual(windowFaultsIn(environmentOf("staging"), weekly, "w"), []);
  });

  it("is refused in another zone where the Alertmanager is shared, beside all else", () => {
    assert.deepEqual(refused(windowFaultsIn(environmentOf("staging"), { ...inBerlin, name: "W" }, "w")), [
      ["window-name-invalid", "w.name"],
      ["window-not-in-utc", "w.timeZone"],
    ]);
  });

  it("is refused for a wrong declaration in every environment", () =>
    assert.deepEqual(refused(windowFaultsIn(environmentOf("prod"), { ...inBerlin, name: "W" }, "w")), [
      ["window-name-invalid", "w.name"],
    ]));
});
