import { exportedObjects } from "./exportedObjects.ts";
import type { Kind } from "./kind.ts";

export const configuration = {
  faultsIn: () => [],
  reads: () => undefined,
  scratch: () => undefined,
  lag: () => undefined,
  steps: { backup: ["export", "publish"], drill: [], restore: ["fetch", "restore"] },
  dataAge: 0,
  continuous: () => undefined,
  drilled: { no: "a restore's dry run is its drill: it shows what it would change" },
  restored: true,
  sql: false,
  server: () => undefined,
  holds: exportedObjects,
} as const satisfies Kind<"configuration">;
