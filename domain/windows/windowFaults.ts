import { isUtc, type MaintenanceWindow } from "../declaration/window.ts";
import { alertingOwner } from "../environment/alertingOwners.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { DAY, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { type WindowPart, windowParts } from "./windowParts.ts";

/** Faults of a window in an environment, whose Alertmanager must be able to mute in it. */
export function windowFaultsIn(
  environment: EnvironmentPart<"alerting.owner">,
  window: MaintenanceWindow,
  path: string,
): Fault[] {
  const faults = length(window, path);
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

function length(window: MaintenanceWindow, path: string): Fault[] {
  const { lasts } = window;
  const at = `${path}.lasts`;
  const [{ weekday }] = windowParts(window) as [WindowPart];
  const isDaily = weekday === undefined;
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
