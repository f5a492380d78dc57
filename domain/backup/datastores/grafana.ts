import { exportedObjects } from "./exportedObjects.ts";
import type { Kind } from "./kind.ts";

export const grafana = {
  faultsIn: () => [],
  reads: () => undefined,
  scratch: () => undefined,
  lag: () => undefined,
  steps: { backup: ["export", "publish"], drill: [], restore: [] },
  dataAge: 0,
  continuous: () => undefined,
  drilled: { no: "a drill has no Grafana of its own" },
  restored: { no: "a dashboard is restored by importing its line (docs/configuration.md)" },
  sql: false,
  server: () => undefined,
  holds: exportedObjects,
} as const satisfies Kind<"grafana">;
