import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declared } from "../../cli/declared.ts";
import type { Service } from "../../domain/declaration/service.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { serviceRoutes } from "../../domain/routing/alertmanagerConfig.ts";
import { platform } from "../../domain/routing/platform.ts";
import { assembled } from "../routes/operator.ts";
import { startAlertmanagers } from "../support/servers/alertmanager.ts";
import type { Server } from "../support/servers/server.ts";
import { local, writeSecrets } from "./local.ts";
import { type Received, type Sink, startSink } from "./sink.ts";

/** A stack's routes in real Alertmanagers, which notify a sink. */
export interface Notified {
  environment: Environment;
  services: Service[];
  sink: Sink;
  replicas: Server[];
  /** Posts alerts to all replicas, as Prometheus does. */
  post(...alerts: Alert[]): Promise<void>;
  /** What arrived that contains a text. */
  got(text: string): Received[];
  stop(): Promise<void>;
}

export interface Alert {
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  /** In the past for one that is resolved. */
  endsAt?: string;
}

/**
 * @param faster divisor of the waits of routes and replicas
 * @param more services beside those that the stack declares
 */
export async function notified(
  stack: string,
  replicas: number,
  faster: number,
  more: Service[] = [],
): Promise<Notified> {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-delivery-"));
  const secrets = join(folder, "secrets");
  const { environment, maintained } = await declared(stack);
  const services = [...maintained, ...more];
  const sink = await startSink();
  writeSecrets(environment, secrets, sink);
  const rendered = {
    upkeep: () => alertmanagerConfiguration(environment, services),
    shared: () =>
      assembled(serviceRoutes(environment, [...services, platform(environment)]), "OnNamespace", (secret, key) =>
        readFileSync(join(secrets, secret, key), "utf8"),
      ),
  }[environment.alerting.owner]();
  const data = join(folder, "alertmanager");
  mkdirSync(data);
  const servers = await startAlertmanagers(
    data,
    local(rendered, secrets, sink, faster),
    replicas,
    `${15_000 / faster}ms`,
  );
  const alive = new Set(servers);
  const watched = servers.map((server) => ({
    ...server,
    kill: () => {
      alive.delete(server);
      return server.kill();
    },
  }));
  return {
    environment,
    services,
    sink,
    replicas: watched,
    async post(...alerts) {
      for (const { address } of alive) {
        const response = await fetch(`${address}/api/v2/alerts`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(alerts),
        });
        if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      }
    },
    got: (text) => sink.received.filter(({ body }) => body.includes(text)),
    async stop() {
      await Promise.all(watched.map((server) => server.kill()));
      sink.close();
      rmSync(folder, { recursive: true });
    },
  };
}
