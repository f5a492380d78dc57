import { type MaintenanceWindow, maintenanceWindow } from "../../../domain/declaration/window.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { windowFaultsIn } from "../../../domain/windows/windowFaults.ts";
import { environmentOf } from "../../support/environment.ts";
import type { Example, Room } from "../room.ts";

const weekly = maintenanceWindow("weekly", { on: { every: "sunday" }, at: assumed("02:00"), lasts: assumed("2h") });

/** Of a window with something changed. */
const changed = (code: string, changes: Partial<MaintenanceWindow>): Example => ({
  code,
  faults: () => windowFaultsIn(environmentOf("prod"), { ...weekly, ...changes }, "windows[0]"),
});

export const room: Room = {
  title: "Maintenance windows (domain/windows)",
  sources: ["domain/windows/*.ts"],
  examples: [
    changed("window-too-long", { lasts: assumed("7d") }),
    changed("window-too-long", { on: { every: "day" }, lasts: assumed("1d") }),
    {
      code: "window-not-in-utc",
      faults: () => windowFaultsIn(environmentOf("staging"), { ...weekly, timeZone: "Europe/Berlin" }, "windows[0]"),
    },
  ],
};
