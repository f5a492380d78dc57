import type { Datastore } from "../../declaration/datastore.ts";
import { type Fault, redacted } from "../../values/fault.ts";

/** What is wrong with a datastore that is a Grafana. */
export function grafanaFaults(datastore: Datastore): Fault[] {
  if (datastore.kind !== "grafana") return [];
  const path = `datastores "${datastore.name}" url`;
  const allowed = "http or https, a host and where Grafana has one a path, without a user";
  const fix = 'write for example "http://grafana:3000"';
  if (!URL.canParse(datastore.url))
    return [{ code: "malformed-grafana-url", path, got: redacted(datastore.url), allowed, fix }];
  const { protocol, username, password, search, hash } = new URL(datastore.url);
  // A user's password in the address would stand in the job's manifest (D-TM-14).
  if (username || password) return [{ code: "url-with-user", path, got: "an address with a user", allowed, fix }];
  if (!/^https?:$/.test(protocol) || search || hash)
    return [{ code: "malformed-grafana-url", path, got: redacted(datastore.url), allowed, fix }];
  return [];
}
