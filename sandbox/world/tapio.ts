import type { KubernetesObject } from "@kubernetes/client-node";
import { configMap, namespace, service } from "./objects.ts";
import { postgresServer } from "./postgres.ts";
import { tapioObjects } from "./tapioKinds.ts";
import { webService, webServiceCode } from "./web-service.ts";
import type { World } from "./world.ts";

const name = "tapio-system";

const data = {
  "correlations.json": JSON.stringify({ rules: 12, learned: ["oom-after-deploy", "disk-before-restart"] }),
  "Größe ändern.txt": "a name that is not ASCII, with a space\n",
};

/**
 * Tapio. Its guide names no metric and no HTTP endpoint but TLS on 8443, which needs a certificate; the stand-ins answer
 * on 8080 without one. The guide's helpers (maintenance-controller, log-archiver ...) are what the program replaces.
 */
export function tapio(world: World): KubernetesObject[] {
  const web = { namespace: name, port: 8080, ready: "/health", paths: { "/health": { status: "ok" } } };
  return [
    ...namespace(name),
    ...world.backupCredentials(name),
    configMap(name, "tapio-config", { "config.yaml": "correlation: { window: 5m }\n" }),
    configMap(name, "security-advisories", { advisories: "none\n" }),
    ...tapioObjects(name),
    ...world.volume({ namespace: name, claim: "data-tapio-server-0", size: "100Gi", owner: 1000, files: data }),
    ...postgresServer(world, {
      namespace: name,
      name: "tapio-postgresql",
      version: 17,
      database: "tapio",
      owner: "tapio",
      credentials: { secret: "tapio-postgresql", usernameKey: "username", passwordKey: "password" },
      data: world.data("tapio.sql"),
      size: "10Gi",
    }),
    webServiceCode(world, name),
    webService({ ...web, name: "tapio-server", container: "server", claims: { "/app/data": "data-tapio-server-0" } }),
    webService({ ...web, name: "tapio-agent", container: "agent", kind: "DaemonSet" }),
    webService({ ...web, name: "tapio-dashboard", container: "dashboard" }),
    service(name, "tapio-server", "tapio-server", 8080),
    service(name, "tapio-dashboard", "tapio-dashboard", 8080),
  ];
}
