import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { KubernetesListObject, KubernetesObject } from "@kubernetes/client-node";
import { kubectl } from "../../../sandbox/parts/kubectl.ts";
import { settings } from "../../../sandbox/settings.ts";
import { declareWorld } from "../../../sandbox/world/index.ts";

const sandbox = settings();
const ask = (...args: string[]) => kubectl(sandbox, args);

const postgres = (namespace: string, pod: string, database: string, sql: string) =>
  ask("exec", "--namespace", namespace, pod, "--", "psql", "--tuples-only", "--no-align", "-d", database, "-c", sql);

describe("what exists in the sandbox before the program", () => {
  it("is all there already when it is set up again, and nothing of it changes", async function () {
    this.timeout("60s");
    const before = await versions();
    await declareWorld(sandbox);
    deepEqual(await versions(), before);
    ok(before.length > 60, `${before.length} objects`);
  });

  it("is in namespaces that enforce pod security restricted", async () => {
    const list = await ask("get", "namespaces", "-l", "pod-security.kubernetes.io/enforce=restricted", "-o", "name");
    const guides = [
      "database",
      "js-mcp",
      "lang-observatory",
      "monitoring",
      "mplp-production",
      "mplp-recovery",
      "tapio-system",
    ];
    deepEqual(
      list.split("\n"),
      [...guides, "task-mcp", "task-mcp-monitoring"].map((name) => `namespace/${name}`),
    );
  });

  it("holds, for MPLP, what a dump and a restore can get wrong", async () => {
    const mplp = (sql: string) => postgres("mplp-production", "postgresql-0", "mplp_production", sql);
    equal(await mplp("SELECT count(*), count(DISTINCT title), bool_or(cost = 'NaN') FROM plans"), "20000|20000|t");
    equal(await mplp(`SELECT count(*) FROM "Übersicht"."Größen & ""Maße"""`), "50");
    equal(await mplp("SELECT count(*) FROM audit_holds"), "0");
    equal(await mplp("SELECT length(lo_get(424242))"), "65536");
    equal(await mplp("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'"), "pg_trgm");
    equal(await mplp("SELECT rolsuper FROM pg_roles WHERE rolname = 'mplp'"), "f");
    equal(await mplp("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename = 'plans'"), "mplp");
  });

  it("holds a Redis key of every type", async () => {
    const cli = (...args: string[]) => ask("exec", "-n", "mplp-production", "redis-0", "--", "redis-cli", ...args);
    const keys = {
      binary: "string",
      "plan:1": "hash",
      "queue:plans": "list",
      modules: "set",
      scores: "zset",
      events: "stream",
    };
    for (const [key, type] of Object.entries(keys)) equal(await cli("type", key), type);
    ok(Number(await cli("ttl", "session:1")) > 0);
  });

  it("runs PostgreSQL in both versions that a guide names", async () => {
    const version = "SHOW server_version";
    match(await postgres("lang-observatory", "lang-observatory-postgresql-0", "langfuse", version), /^15\./);
    match(await postgres("database", "database-pod", "task_mcp", version), /^17\./);
  });

  it("answers on the guides' endpoints through its Services", async () => {
    const through = (namespace: string, service: string, path: string) =>
      ask("get", "--raw", `/api/v1/namespaces/${namespace}/services/${service}:main/proxy${path}`);
    equal(
      await through("mplp-production", "mplp-core-service", "/api/v1/dialog/health"),
      '{"status":"ok","module":"dialog"}',
    );
    equal(await through("task-mcp", "task-mcp-http", "/health/live"), '{"status":"ok"}');
    match(await through("js-mcp", "js-mcp", "/status"), /"components"/);
    match(
      await through("mplp-production", "mplp-core-service", "/metrics"),
      /^mplp_http_requests_total\{status="200"\} \d+$/m,
    );
  });
});

/** Every object with what the API counts up when it changes; a status is no change of ours. */
async function versions(): Promise<string[]> {
  const kinds = "namespaces,configmaps,secrets,services,persistentvolumeclaims,deployments,statefulsets,daemonsets";
  const selector = "app.kubernetes.io/managed-by=upkeep-sandbox";
  const text = await ask("get", kinds, "--all-namespaces", "--selector", selector, "--output", "json");
  const { items }: KubernetesListObject<KubernetesObject> = JSON.parse(text);
  return items.map(({ kind, metadata }) => {
    const version = metadata?.generation ?? metadata?.resourceVersion;
    return `${kind} ${metadata?.namespace ?? ""}/${metadata?.name} ${version}`;
  });
}
