import type { KubernetesObject } from "@kubernetes/client-node";
import { configMap, namespace, service } from "./objects.ts";
import { postgresServer } from "./postgres.ts";
import { redisServer } from "./redis.ts";
import { webService, webServiceCode } from "./web-service.ts";
import type { World } from "./world.ts";

const production = "mplp-production";
const recovery = "mplp-recovery";

const modules = ["context", "plan", "role", "confirm", "trace", "extension", "dialog", "collab", "core", "network"];

/** MPLP. Its recovery namespace is empty, its blue-green releases are not here, and its fluentd collects no log. */
export function mplp(world: World): KubernetesObject[] {
  const healthy = { status: "ok" };
  return [
    ...[production, recovery].flatMap(namespace),
    ...[production, recovery].flatMap(world.backupCredentials),
    configMap(production, "mplp-config", { LOG_LEVEL: "info", MODULES: modules.join(",") }),
    ...postgresServer(world, {
      namespace: production,
      name: "postgresql",
      version: 17,
      database: "mplp_production",
      owner: "mplp",
      credentials: { secret: "postgresql-credentials", usernameKey: "username", passwordKey: "password" },
      data: world.data("mplp.sql"),
      size: "20Gi",
    }),
    ...redisServer(world, production, "redis", world.data("mplp.redis")),
    webServiceCode(world, production),
    webService({
      namespace: production,
      name: "mplp-core",
      container: "mplp-core",
      port: 3000,
      ready: "/ready",
      paths: {
        "/health": healthy,
        "/ready": healthy,
        ...Object.fromEntries(modules.map((module) => [`/api/v1/${module}/health`, { ...healthy, module }])),
      },
      metrics: { requests: "mplp_http_requests_total", durations: "mplp_http_request_duration_seconds" },
    }),
    webService({
      namespace: production,
      name: "fluentd",
      kind: "DaemonSet",
      container: "fluentd",
      port: 24220,
      ready: "/api/plugins.json",
      paths: { "/api/plugins.json": { plugins: [] } },
    }),
    service(production, "mplp-core-service", "mplp-core", 80, 3000),
  ];
}
