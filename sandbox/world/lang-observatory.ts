import type { KubernetesObject } from "@kubernetes/client-node";
import { grafana } from "./grafana.ts";
import { namespace, service } from "./objects.ts";
import { postgresServer } from "./postgres.ts";
import { webService, webServiceCode } from "./web-service.ts";
import type { World } from "./world.ts";

const name = "lang-observatory";

/** Lang Observatory, with PostgreSQL 15 as in its guide. Its Prometheus and its Grafana are mocks. */
export function langObservatory(world: World): KubernetesObject[] {
  const web = { namespace: name, port: 3000, ready: "/health", paths: { "/health": { status: "OK" } } };
  const release = { "app.kubernetes.io/instance": name, "app.kubernetes.io/part-of": name };
  return [
    ...namespace(name),
    ...world.backupCredentials(name),
    ...postgresServer(world, {
      namespace: name,
      name: "lang-observatory-postgresql",
      version: 15,
      database: "langfuse",
      owner: "langfuse",
      credentials: { secret: "langfuse-postgresql", passwordKey: "postgres-password" },
      data: world.data("lang-observatory.sql"),
      size: "8Gi",
    }),
    ...grafana(world, name),
    webServiceCode(world, name),
    ...["langfuse", "openlit"].map((part) =>
      webService({
        ...web,
        name: `lang-observatory-${part}`,
        container: part,
        labels: { ...release, "app.kubernetes.io/name": part },
      }),
    ),
    webService({
      namespace: name,
      name: "prometheus-server",
      kind: "StatefulSet",
      container: "prometheus-server",
      port: 9090,
      ready: "/-/ready",
      paths: { "/-/ready": {} },
    }),
    ...["langfuse", "openlit"].map((part) =>
      service(name, `lang-observatory-${part}`, `lang-observatory-${part}`, 3000),
    ),
  ];
}
