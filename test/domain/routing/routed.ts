import type { Service } from "../../../domain/declaration/service.ts";
import { maintenanceWindow } from "../../../domain/declaration/window.ts";
import { guide } from "../../../domain/values/sourced.ts";
import { shop as declared } from "../../support/shop.ts";

const weekly = maintenanceWindow("weekly", { on: { every: "sunday" }, at: guide("02:00"), lasts: guide("2h") });

/** The shop without a window. */
export const shop: Service = { ...declared, windows: [] };

/** A service with one window. */
export const catalog: Service = {
  ...declared,
  name: "catalog",
  namespace: "catalog",
  owner: { team: "catalog" },
  windows: [weekly],
};

/** A service with a window of each kind, and a channel for each severity. */
export const search: Service = {
  ...declared,
  name: "search",
  namespace: "search",
  owner: { team: "search" },
  windows: [
    maintenanceWindow("daily", { on: { every: "day" }, at: guide("00:00"), lasts: guide("15m") }),
    weekly,
    maintenanceWindow("monthly", { on: { first: "saturday" }, at: guide("06:00"), lasts: guide("4h") }),
  ],
  notify: { critical: ["pagerduty"], warning: ["slack"], info: ["slack"] },
};

/** What an Alertmanager routes for: none, one and three windows. */
export const routed: Service[] = [shop, catalog, search];
