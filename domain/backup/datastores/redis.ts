import type { Kind } from "./kind.ts";

export const redis = {
  faultsIn: () => [],
  reads: ({ size, throughput }) => ({ size, throughput }),
  scratch: ({ size }) => size.value,
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
