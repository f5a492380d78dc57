import { datastoreFeature } from "./datastoreAlerts.ts";

/** The share of `maxmemory` at which the server soon evicts, or refuses writes. */
const MEMORY = 0.9;

/** Above this a restart or activedefrag frees memory. A small server's ratio is high because its own memory counts. Source: redis.io/docs/latest/commands/info. */
const FRAGMENTED = { ratio: 1.5, bytes: 2 ** 27 } as const;

/** The series of redis_exporter. Source: its exporter/exporter.go. A good hit ratio differs by cache: a service declares its own alert. */
export const redisExporter = datastoreFeature("redis", {
  exporter: "redis_exporter",
  // It is 1 if the exporter reaches the server.
  measured: (scope) => `redis_up{${scope}} == 1`,
  held: (scope) => `max(redis_memory_used_bytes{${scope}})`,
  alerts: (scope, { name }) => [
    {
      name: "CacheMemoryHigh",
      // 0: no limit.
      expr: `max(redis_memory_used_bytes{${scope}} / (redis_memory_max_bytes{${scope}} > 0)) > ${MEMORY}`,
      for: "15m",
      severity: "warning",
      summary: `${name} has little memory left`,
      description: "{{ $value | humanizePercentage }} of maxmemory is used.",
    },
    {
      name: "CacheEvicting",
      expr: `sum(rate(redis_evicted_keys_total{${scope}}[5m])) > 0`,
      for: "30m",
      severity: "warning",
      summary: `${name} evicts keys that have not expired`,
      description: "{{ $value | humanize }} keys per second are evicted, because maxmemory is reached.",
    },
    {
      name: "CacheFragmented",
      expr: `max(redis_mem_fragmentation_ratio{${scope}} and redis_memory_used_bytes{${scope}} > ${FRAGMENTED.bytes}) > ${FRAGMENTED.ratio}`,
      for: "1h",
      severity: "warning",
      summary: `The memory of ${name} is fragmented`,
      description: "The server holds {{ $value | humanize }} times the memory that its data needs.",
    },
  ],
});
