import assert from "node:assert/strict";
import { type MaintenanceWindow, maintenanceWindow } from "../../../domain/declaration/window.ts";
import type { Duration } from "../../../domain/values/duration.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { windowFaultsIn } from "../../../domain/windows/windowFaults.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";

const weekly = maintenanceWindow("weekly", { on: { every: "sunday" }, at: assumed("02:00"), lasts: assumed("2h") });
const faults = (changes: Partial<MaintenanceWindow>) =>
  refused(windowFaultsIn(environmentOf("prod"), { ...weekly, ...changes }, "w"));
const lasting = (lasts: string, on: MaintenanceWindow["on"] = weekly.on) =>
  faults({ on, lasts: assumed(lasts as Duration) });

describe("a window's declaration", () => {
  it("has no fault with a time, a length and a zone", () => {
    assert.deepEqual(faults({}), []);
    for (const at of ["00:00", "23:59"]) assert.deepEqual(faults({ at: assumed(at) }), []);
    for (const timeZone of ["UTC", "Etc/UTC", "Etc/GMT+1", "America/Argentina/Buenos_Aires", "America/Port-au-Prince"])
      assert.deepEqual(faults({ timeZone }), [], timeZone);
  });

  it("is refused where it would not end before the next one opens, or for a week", () => {
    assert.deepEqual(lasting("1439m", { every: "day" }), []);
    assert.deepEqual(lasting("1d", { every: "day" }), [["window-too-long", "w.lasts"]]);
    for (const on of [{ every: "sunday" }, { first: "sunday" }] as const) {
      assert.deepEqual(lasting("10079m", on), []);
      assert.deepEqual(lasting("7d", on), [["window-too-long", "w.lasts"]]);
    }
  });
});

describe("a window in an environment", () => {
  const inBerlin = { ...weekly, timeZone: "Europe/Berlin" };

  it("may be in any zone where Upkeep owns the Alertmanager, and in UTC everywhere", () => {
    assert.deepEqual(windowFaultsIn(environmentOf("prod"), inBerlin, "w"), []);
    assert.deepEqual(windowFaultsIn(environmentOf("staging"), weekly, "w"), []);
  });

  it("is refused in another zone where the Alertmanager is shared, and only there", () => {
    assert.deepEqual(refused(windowFaultsIn(environmentOf("staging"), inBerlin, "w")), [
      ["window-not-in-utc", "w.timeZone"],
    ]);
  });
});
