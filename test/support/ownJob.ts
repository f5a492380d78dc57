import { job } from "../../domain/declaration/ownJob.ts";
import { maintenanceWindow } from "../../domain/declaration/window.ts";
import { guide } from "../../domain/values/sourced.ts";

/** A window from 02:00 to 04:00 on Sundays. */
export const weekly = maintenanceWindow("weekly", { on: { every: "sunday" }, at: guide("02:00"), lasts: guide("2h") });

/** A job that ends inside it at the latest: 02:15, 15 minutes to start and 90 to run. */
export const reindexing = {
  ...job("shop-reindex", {
    purpose: "rebuilds the search index",
    image: "registry.example.com/shop:1.4.2",
    runAsUser: 1000,
    command: ["shop", "reindex", "--all"],
    deadline: "90m",
    memory: "256Mi",
  }),
  runs: { schedule: guide("15 2 * * 0"), startingDeadline: "15m", window: "weekly" },
} as const;
