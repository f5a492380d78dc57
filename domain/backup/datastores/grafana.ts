import type { Grafana } from "../../declaration/datastore.ts";
import { type Fault, redacted } from "../../values/fault.ts";
import { exportedObjects } from "./exportedObjects.ts";
import type { Kind } from "./kind.ts";

export const grafana = {
  faults: urlFaults,
  faultsIn: () => [],
  reads: () => undefined,
  scratch: () => undefined,
  dataAge: 0,
  continuous: () => undefined,
  drilled: { no: "a drill has no Grafana of its own" },
  restored: { no: "a dashboard is restored by importing its line (docs/configuration.md)" },
  sql: false,
  server: () => undefined,
  holds: exportedObjects,
} as const satisfies Kind<"grafana">;

function urlFaults(datastore: Grafana): Fault[] {
  const path = `datastores "${datastore.name}" url`;
  const allowed = "http or https, a host and Grafana's path if it has one, without a user";
  const fix = 'write for example "http://grafana:3000"';
  if (!URL.canParse(datastore.url))
    return [{ code: "malformed-grafana-url", path, got: redacted(datastore.url), allowed, fix }];
  const { protocol, username, password, search, hash } = new URL(datastore.url);
  // The address is in the CronJob's manifest, where no password may be.
  if (username || password) return [{ code: "url-with-user", path, got: "an address with a user", allowed, fix }];
  if (!/^https?:$/.test(protocol) || search || hash)
    return [{ code: "malformed-grafana-url", path, got: redacted(datastore.url), allowed, fix }];
  return [];
}
