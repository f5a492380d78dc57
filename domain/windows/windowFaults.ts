import { isUtc, type MaintenanceWindow } from "../declaration/window.ts";
import { alertingOwner } from "../environment/alertingOwners.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { DAY, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { readable } from "../values/readable.ts";
import { isTimeZone } from "../values/timeZone.ts";
import { minuteOfDay, windowParts } from "./windowParts.ts";

/** Faults of a window's declaration. @param path where it is declared, such as `windows[0]` */
export function windowFaults(window: MaintenanceWindow, path: string): Fault[] {
  return [name, time, length, zone].flatMap((check) => check(window, path));
}

/** Faults of a window in an environment, whose Alertmanager must be able to mute in it. */
export function windowFaultsIn(
  environment: EnvironmentPart<"alerting.owner">,
  window: MaintenanceWindow,
  path: string,
): Fault[] {
  const faults = windowFaults(window, path);
  if (alertingOwner(environment).inAnyZone || isUtc(window)) return faults;
  return [
    ...faults,
    {
      code: "window-not-in-utc",
      path: `${path}.timeZone`,
      got: `"${window.timeZone}"`,
      allowed:
        "Etc/UTC if upkeep:alerting.owner is shared: an AlertmanagerConfig has no location, so its mute times are in UTC",
      fix: "declare the window in UTC, or set upkeep:alerting.owner to upkeep",
    },
  ];
}

/** The name becomes part of objects' names and a label's value. */
function name({ name }: MaintenanceWindow, path: string): Fault[] {
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= 40) return [];
  const allowed = "at most 40 lower-case letters, digits and dashes";
  return [
    { code: "window-name-invalid", path: `${path}.name`, got: `"${name}"`, allowed, fix: 'write for example "weekly"' },
  ];
}

function time({ at }: MaintenanceWindow, path: string): Fault[] {
  if (readable(() => minuteOfDay(at.value))) return [];
  const fix = 'write for example "02:00"';
  return [{ code: "window-time-invalid", path: `${path}.at`, got: `"${at.value}"`, allowed: "00:00 to 23:59", fix }];
}

function length(window: MaintenanceWindow, path: string): Fault[] {
  const { lasts } = window;
  const at = `${path}.lasts`;
  if (!readable(() => seconds(lasts.value)) || seconds(lasts.value) % 60 !== 0) {
    const allowed = "whole minutes, as a whole number with a unit s, m, h, d or w";
    return [
      { code: "window-length-invalid", path: at, got: `"${lasts.value}"`, allowed, fix: 'write for example "2h"' },
    ];
  }
  if (time(window, path).length > 0) return [];
  const isDaily = windowParts(window).every(({ weekday }) => weekday === undefined);
  if (seconds(lasts.value) < (isDaily ? DAY : 7 * DAY)) return [];
  return [
    {
      code: "window-too-long",
      path: at,
      got: `"${lasts.value}"`,
      allowed: isDaily ? "less than 1d: it opens every day" : "less than 7d: warnings notify no one while it is open",
      fix: "shorten it",
    },
  ];
}

function zone({ timeZone }: MaintenanceWindow, path: string): Fault[] {
  if (isTimeZone(timeZone)) return [];
  const allowed = "a name of the time zone database";
  const fix = 'write for example "Etc/UTC" or "Europe/Berlin"';
  return [{ code: "time-zone-unknown", path: `${path}.timeZone`, got: `"${timeZone}"`, allowed, fix }];
}
