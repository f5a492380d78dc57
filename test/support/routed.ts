import type { Service } from "../../domain/declaration/service.ts";
import { maintenanceWindow } from "../../domain/declaration/window.ts";
import { guide } from "../../domain/values/sourced.ts";
import { mplp } from "../../services/mplp.ts";

const weekly = maintenanceWindow("weekly", { on: { every: "sunday" }, at: guide("02:00"), lasts: guide("2h") });

/** Services with the windows of the guides: one without, one with a weekly one, one with three. */
export const routed: Service[] = [
  mplp,
  { ...mplp, name: "task-mcp", namespace: "task-mcp", owner: { team: "task-mcp" }, windows: [weekly] },
  {
    ...mplp,
    name: "tapio",
    namespace: "tapio-system",
    owner: { team: "tapio" },
    windows: [
      maintenanceWindow("daily", { on: { every: "day" }, at: guide("00:00"), lasts: guide("15m") }),
      weekly,
      maintenanceWindow("monthly", { on: { first: "saturday" }, at: guide("06:00"), lasts: guide("4h") }),
    ],
    notify: { critical: ["pagerduty"], warning: ["slack"], info: ["slack"] },
  },
];
