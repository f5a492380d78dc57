import assert from "node:assert/strict";
import { configuration, grafana, postgres, redis, secret, volume } from "../../../domain/declaration/datastore.ts";
import { assumed, guide } from "../../../domain/values/sourced.ts";

const throughput = { value: "32Mi", assumed: true };
const credentials = secret("orders-credentials");
const size = assumed("20Gi" as const);

describe("a Secret that a datastore refers to", () => {
  it("has its user and its password under the common keys, but where others are given", () => {
    const common = { name: "orders", usernameKey: "username", passwordKey: "password" };
    assert.deepEqual(secret("orders"), common);
    assert.deepEqual(secret("orders", { passwordKey: "pw", username: "shop" }), {
      ...common,
      passwordKey: "pw",
      username: "shop",
    });
  });
});

describe("a datastore", () => {
  it("is a PostgreSQL on its usual port, of a throughput that is assumed", () => {
    const facts = { host: "postgresql", version: 17, database: "orders", credentials, size } as const;
    assert.deepEqual(postgres("main", facts), { kind: "postgres", name: "main", port: 5432, throughput, ...facts });
    const measured = { ...facts, port: 6432, throughput: guide("64Mi" as const) };
    assert.deepEqual(postgres("main", measured), { kind: "postgres", name: "main", ...measured });
  });

  it("is a Redis on its usual port, of a throughput that is assumed", () => {
    const facts = { host: "redis", size };
    assert.deepEqual(redis("cache", facts), { kind: "redis", name: "cache", port: 6379, throughput, ...facts });
    const measured = { ...facts, port: 6380, throughput: guide("64Mi" as const) };
    assert.deepEqual(redis("cache", measured), { kind: "redis", name: "cache", ...measured });
  });

  it("is of another kind with the facts that are given, and no others", () => {
    const token = { secret: "grafana", key: "token" };
    assert.deepEqual(configuration("all", { objects: ["ConfigMap"] }), {
      kind: "configuration",
      name: "all",
      objects: ["ConfigMap"],
    });
    assert.deepEqual(grafana("dashboards", { url: "http://grafana:3000", token }), {
      kind: "grafana",
      name: "dashboards",
      url: "http://grafana:3000",
      token,
    });
    const files = {
      claim: "files",
      size,
      uid: 1,
      gid: 2,
      throughput: guide("8Mi" as const),
      from: { cloneClass: "a" },
    };
    assert.deepEqual(volume("files", files), { kind: "volume", name: "files", ...files });
  });
});
