import type { KubernetesObject, V1Pod, V1PodSpec, V1StatefulSet } from "@kubernetes/client-node";
import { imageNames } from "../images/names.ts";
import { configMap, label, restrictedPod, secret, service } from "./objects.ts";
import type { World } from "./world.ts";

const USER = 999;
const PORT = 5432;

/** A PostgreSQL server with one database, whose owner is no superuser. */
export interface PostgresServer {
  namespace: string;
  /** Of the StatefulSet and its Service. */
  name: string;
  /** A bare pod of this name in place of the StatefulSet. */
  pod?: string;
  version: 15 | 17;
  database: string;
  owner: string;
  /** The Secret with the owner's password, and the keys that the guide gives it. */
  credentials: { secret: string; passwordKey: string; usernameKey?: string };
  /** Statements that fill the database, run once by its owner. */
  data: string;
  size: string;
}

export function postgresServer(world: World, server: PostgresServer): KubernetesObject[] {
  const { namespace, name } = server;
  const password = world.password(`${namespace}/${name}/${server.owner}`);
  const credentials = {
    [server.credentials.passwordKey]: password,
    ...(server.credentials.usernameKey ? { [server.credentials.usernameKey]: server.owner } : {}),
  };
  return [
    secret(namespace, `${name}-superuser`, { password: world.password(`${namespace}/${name}/postgres`) }),
    secret(namespace, server.credentials.secret, credentials),
    configMap(namespace, `${name}-data`, {
      "1-owner.sql": world.data("owner.sql"),
      "2-data.sql": `\\getenv database OWNED_DATABASE\n\\connect :database\n\\getenv owner OWNER\nSET SESSION AUTHORIZATION :"owner";\n${server.data}`,
    }),
    ...world.volume({ namespace, claim: claimOf(server), size: server.size, owner: USER }),
    workload(server),
    service(namespace, name, name, PORT),
  ];
}

function workload(server: PostgresServer): V1Pod | V1StatefulSet {
  const { namespace, name } = server;
  const labels = { ...label, app: name };
  if (server.pod) {
    const metadata = { namespace, name: server.pod, labels };
    return { apiVersion: "v1", kind: "Pod", metadata, spec: podSpec(server) };
  }
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { namespace, name, labels },
    spec: {
      serviceName: name,
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels }, spec: podSpec(server) },
    },
  };
}

function claimOf(server: PostgresServer): string {
  return `data-${server.pod ?? `${server.name}-0`}`;
}

function podSpec(server: PostgresServer): V1PodSpec {
  const passwordOf = (name: string, key: string) => ({ secretKeyRef: { name, key } });
  return restrictedPod(USER, {
    containers: [
      {
        name: "postgresql",
        image: imageNames.postgres(server.version),
        // After a power loss the sandbox is created again: nothing waits for the disk.
        args: ["-c", "shared_buffers=32MB", "-c", "max_connections=50", "-c", "fsync=off"],
        env: [
          { name: "POSTGRES_INITDB_ARGS", value: "--no-sync" },
          { name: "POSTGRES_PASSWORD", valueFrom: passwordOf(`${server.name}-superuser`, "password") },
          { name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" },
          { name: "OWNER", value: server.owner },
          { name: "OWNER_PASSWORD", valueFrom: passwordOf(server.credentials.secret, server.credentials.passwordKey) },
          { name: "OWNED_DATABASE", value: server.database },
        ],
        ports: [{ name: "main", containerPort: PORT, protocol: "TCP" }],
        // Over the network: while the entrypoint fills the database, the server is on its socket alone.
        startupProbe: {
          exec: { command: ["pg_isready", "--host=127.0.0.1", "--quiet"] },
          periodSeconds: 2,
          timeoutSeconds: 5,
          failureThreshold: 60,
        },
        // A command in a container costs the node more than an idle server does.
        readinessProbe: { tcpSocket: { port: PORT }, periodSeconds: 5, timeoutSeconds: 5 },
        volumeMounts: [
          { name: "data", mountPath: "/var/lib/postgresql/data" },
          { name: "statements", mountPath: "/docker-entrypoint-initdb.d" },
          { name: "run", mountPath: "/var/run/postgresql" },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: claimOf(server) } },
      { name: "statements", configMap: { name: `${server.name}-data` } },
      { name: "run", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
    ],
  });
}
