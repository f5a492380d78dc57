import type { KubernetesObject, V1Container, V1Pod, V1Service } from "@kubernetes/client-node";
import { imageNames } from "../../sandbox/images/names.ts";
import { namespace, restrictedPod } from "../../sandbox/world/objects.ts";

/** The namespace in which services are healthy, failing, hanging or gone, as the tests say. */
export const STAGE = "health-test";

/** Three web servers: one that answers, one that answers with an error, one that accepts connections and never answers. */
const webServers = `
const { createServer } = require("node:http");
createServer((_, response) => response.end("ok")).listen(8080);
createServer((_, response) => response.writeHead(500).end("no")).listen(8081);
require("node:net").createServer(() => {}).listen(8082);
`;

/** A real server that rejects connections: it waits for a primary that does not exist, and serves no one meanwhile. */
const standby = `
export PGDATA=/data/main
[ -d "$PGDATA" ] || initdb --username=postgres --auth=scram-sha-256 --pwfile=<(echo unused) --no-sync >/dev/null
touch "$PGDATA/standby.signal"
echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
exec postgres -c hot_standby=off -c listen_addresses='*' -c unix_socket_directories=/tmp -c shared_buffers=16MB
`;

/** A real server that answers every command with an error: it has lost its primary and may not show old data. */
const replica = ["--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no", "--protected-mode", "no"];

/** Everything on the stage. The Services decide which of the servers a check meets. */
export function stage(): KubernetesObject[] {
  return [
    ...namespace(STAGE),
    pod(
      "web",
      1000,
      { image: imageNames.node, command: ["node", "--eval", webServers] },
      { tcpSocket: { port: 8082 } },
    ),
    pod(
      "postgres",
      999,
      { image: imageNames.postgres(17), command: ["bash", "-ec", standby] },
      // 1: it is there and rejects connections.
      { exec: { command: ["sh", "-c", "pg_isready --host=127.0.0.1 --quiet; test $? -le 1"] } },
    ),
    pod(
      "redis",
      999,
      { image: imageNames.redis, args: ["redis-server", "--save", "", "--dir", "/data", ...replica] },
      { exec: { command: ["redis-cli", "ping"] } },
    ),
    service("web-healthy", "web", 80, 8080),
    service("web-failing", "web", 80, 8081),
    service("web-hanging", "web", 80, 8082),
    service("web-gone", "nobody", 80, 8080),
    service("postgres-failing", "postgres", 5432),
    service("postgres-hanging", "web", 5432, 8082),
    service("postgres-gone", "nobody", 5432),
    service("redis-failing", "redis", 6379),
    service("redis-hanging", "web", 6379, 8082),
    service("redis-gone", "nobody", 6379),
  ];
}

function pod(
  name: string,
  user: number,
  container: Omit<V1Container, "name">,
  ready: NonNullable<V1Container["readinessProbe"]>,
): V1Pod {
  const mounts = ["data", "tmp"];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: STAGE, name, labels: { app: name } },
    spec: restrictedPod(user, {
      containers: [
        {
          name,
          ...container,
          readinessProbe: { ...ready, periodSeconds: 1, timeoutSeconds: 5 },
          volumeMounts: mounts.map((mount) => ({ name: mount, mountPath: `/${mount}` })),
        },
      ],
      volumes: mounts.map((mount) => ({ name: mount, emptyDir: {} })),
    }),
  };
}

function service(name: string, app: string, port: number, targetPort = port): V1Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { namespace: STAGE, name },
    spec: { selector: { app }, ports: [{ name: "main", port, targetPort, protocol: "TCP" }] },
  };
}

/** The repair of each of the Services, as a merge patch: it selects a server that answers. */
export const mended: Record<string, V1Service["spec"]> = {
  "web-failing": { ports: [{ name: "main", port: 80, targetPort: 8080, protocol: "TCP" }] },
  "web-hanging": { ports: [{ name: "main", port: 80, targetPort: 8080, protocol: "TCP" }] },
  "web-gone": { selector: { app: "web" } },
  "postgres-hanging": {
    selector: { app: "postgres" },
    ports: [{ name: "main", port: 5432, targetPort: 5432, protocol: "TCP" }],
  },
  "postgres-gone": { selector: { app: "postgres" } },
  "redis-hanging": {
    selector: { app: "redis" },
    ports: [{ name: "main", port: 6379, targetPort: 6379, protocol: "TCP" }],
  },
  "redis-gone": { selector: { app: "redis" } },
};
