import type { KubernetesObject } from "@kubernetes/client-node";
import { grafana } from "./grafana.ts";
import { configMap, namespace, secret, service } from "./objects.ts";
import { postgresServer } from "./postgres.ts";
import { webService, webServiceCode } from "./web-service.ts";
import type { World } from "./world.ts";

const app = "task-mcp";
const monitoring = "task-mcp-monitoring";
const database = "database";

/** Task MCP HTTP Server. Its guide names no database, user or Secret; of its monitoring only the configuration is here. */
export function taskMcp(world: World): KubernetesObject[] {
  const credentials = { secret: "database-credentials", usernameKey: "username", passwordKey: "password" };
  return [
    ...[app, monitoring, database].flatMap(namespace),
    ...[app, database, monitoring].flatMap(world.backupCredentials),
    configMap(app, "task-mcp-config", { cache_ttl: "300", cache_size: "1000", LOG_LEVEL: "info", DB_POOL_SIZE: "20" }),
    ...grafana(world, monitoring),
    configMap(monitoring, "prometheus-config", { "prometheus.yml": "global: { scrape_interval: 15s }\n" }),
    configMap(monitoring, "otel-collector-config", {
      "config.yaml": "receivers: { otlp: { protocols: { http: {} } } }\n",
    }),
    ...postgresServer(world, {
      namespace: database,
      name: "database",
      pod: "database-pod",
      version: 17,
      database: "task_mcp",
      owner: "task_mcp",
      credentials,
      data: world.data("task-mcp.sql"),
      size: "5Gi",
    }),
    secret(app, credentials.secret, { username: "task_mcp", password: world.password("database/database/task_mcp") }),
    webServiceCode(world, app),
    webService({
      namespace: app,
      name: "task-mcp-http",
      container: "task-mcp-http",
      port: 3000,
      ready: "/health/ready",
      paths: {
        "/health/live": { status: "ok" },
        "/health/ready": { status: "ok" },
        "/admin/cache/clear": { cleared: true },
      },
      metrics: {
        requests: "http_server_requests_total",
        durations: "http_server_request_duration",
        series: {
          'auth_attempts_total{status="success"}': 120,
          'auth_attempts_total{status="failure"}': 3,
          rate_limit_hits_total: 0,
          cache_hit_ratio: 0.93,
          database_connections_active: 4,
          database_query_duration_seconds_sum: 12.5,
          database_query_duration_seconds_count: 2500,
          ssl_certificate_expiry_days: 61,
        },
      },
    }),
    service(app, "task-mcp-http", "task-mcp-http", 3000),
  ];
}
