import type { KubernetesObject } from "@kubernetes/client-node";
import { configMap, namespace, service } from "./objects.ts";
import { webService, webServiceCode } from "./web-service.ts";
import type { World } from "./world.ts";

const name = "js-mcp";

const sessions = Object.fromEntries(
  Array.from({ length: 20 }, (_, i) => [`session-${i}.json`, JSON.stringify({ id: i, workflow: `w${i % 3}` })]),
);

/** js-mcp. Its guide gives no namespace; sessions are kept in files. */
export function jsMcp(world: World): KubernetesObject[] {
  return [
    ...namespace(name),
    ...world.backupCredentials(name),
    configMap(name, "js-mcp-config", { "config.json": '{ "sessions": "/var/lib/js-mcp/sessions" }\n' }),
    ...world.volume({ namespace: name, claim: "js-mcp-sessions", size: "1Gi", owner: 1000, files: sessions }),
    webServiceCode(world, name),
    webService({
      namespace: name,
      name,
      container: name,
      port: 3000,
      ready: "/health",
      paths: {
        "/health": { status: "ok" },
        "/status": { status: "ok", components: { docker: "ok", kubernetes: "ok", ai: "ok" } },
      },
      metrics: {
        series: {
          session_rate: 11800,
          session_latency: 18,
          workflow_throughput: 430,
          memory_usage: 8.5,
          cpu_usage: 22,
          disk_usage: 41,
          error_rate: 0.2,
        },
      },
      claims: { "/var/lib/js-mcp/sessions": "js-mcp-sessions" },
    }),
    service(name, name, name, 3000),
  ];
}
