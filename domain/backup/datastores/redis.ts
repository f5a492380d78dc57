import { bytes, sizeOf } from "../../values/size.ts";
import { type Kind, serverSteps } from "./kind.ts";

export const redis = {
  faultsIn: () => [],
  reads: ({ size, throughput }) => ({ size, throughput }),
  scratch: ({ size }) => ({ backup: size.value, drill: size.value, restore: sizeOf(2 * bytes(size.value)) }),
  steps: serverSteps,
  lag: ({ maxLag }) => maxLag,
  dataAge: 0,
  continuous: () => undefined,
  drilled: true,
  restored: true,
  sql: false,
  server: ({ host, port }) => ({ host, port, kind: "redis" }),
  holds({ databases }: { databases: { keys: number }[] }) {
    return `${databases.reduce((sum, { keys }) => sum + keys, 0)} keys in ${databases.length} databases`;
  },
} as const satisfies Kind<"redis">;
