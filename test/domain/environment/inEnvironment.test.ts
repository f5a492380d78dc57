import assert from "node:assert/strict";
import type { Recipient } from "../../../domain/declaration/configurationKinds.ts";
import { type Configuration, configuration, redis } from "../../../domain/declaration/datastore.ts";
import { endpoint } from "../../../domain/declaration/endpoint.ts";
import type { Service } from "../../../domain/declaration/service.ts";
import { deployment } from "../../../domain/declaration/workload.ts";
import type { Environment } from "../../../domain/environment/environment.ts";
import { inEnvironment, rejectUnknownDifferences } from "../../../domain/environment/inEnvironment.ts";
import { assumed, guide } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { refusal } from "../../support/refused.ts";
import { shopWith } from "../../support/shop.ts";

const recipient: Recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
const prod = environmentOf("prod");

/** Prod with these differences alone. */
function differing(differs: Partial<Environment["differs"]>): Environment {
  const none = { namespaces: {}, origins: {}, sizes: {}, recipients: {}, autoscale: {} };
  return { ...prod, differs: { ...none, ...differs } };
}

const cache = redis("cache", { host: "redis", size: guide("2Gi") });
const far = redis("far", { host: "redis", size: guide("2Gi"), namespace: "databases" });
const objects = configuration("all", { objects: ["ConfigMap"], recoveryNamespace: "shop-recovery" });
const api = endpoint("api", ["https://api.example.com/health?a=b", "https://other.example.com/", "nowhere"], {
  severity: "critical",
  for: assumed("2m"),
});
const bounded = deployment("api", { autoscale: { min: guide(2), max: guide(5), cpu: assumed("70%") } });
const fixed = deployment("worker");

const shop = shopWith({
  datastores: [cache, far, objects],
  endpoints: [api],
  workloads: [bounded, fixed],
});

describe("a service in an environment", () => {
  it("is as it is declared where nothing differs", () => assert.deepEqual(inEnvironment(shop, differing({})), shop));

  it("has the environment's namespaces, each in the place of one that is declared", () => {
    const namespaces = { shop: "shop-here", databases: "databases-here", "shop-recovery": "recovery-here" };
    assert.deepEqual(inEnvironment(shop, differing({ namespaces })), {
      ...shop,
      namespace: "shop-here",
      datastores: [cache, { ...far, namespace: "databases-here" }, { ...objects, recoveryNamespace: "recovery-here" }],
    });
  });

  it("has the environment's addresses, and leaves alone what is no URL", () => {
    const origins = { "https://api.example.com": "http://api.shop.svc:8080", nowhere: "http://elsewhere" };
    assert.deepEqual(inEnvironment(shop, differing({ origins })).endpoints, [
      { ...api, urls: ["http://api.shop.svc:8080/health?a=b", "https://other.example.com/", "nowhere"] },
    ]);
  });

  it("has the environment's sizes, which no guide gives", () => {
    const sizes = { "shop/cache": "1Gi", "other/far": "1Gi" };
    assert.deepEqual(inEnvironment(shop, differing({ sizes })).datastores, [
      { ...cache, size: assumed("1Gi") },
      far,
      objects,
    ]);
  });

  it("exports Secrets to the environment's recipient, those that are declared by name", () => {
    const recipients = { "shop/all": recipient, "shop/cache": recipient };
    const secretsOf = (declared: Configuration) =>
      inEnvironment({ ...shop, datastores: [cache, declared] }, differing({ recipients })).datastores;
    assert.deepEqual(secretsOf(objects), [cache, { ...objects, secrets: { recipient } }]);
    const named = { ...objects, secrets: { recipient: "age1other" as Recipient, names: ["a"] } };
    assert.deepEqual(secretsOf(named), [cache, { ...named, secrets: { recipient, names: ["a"] } }]);
  });

  it("has the environment's bounds for what it scales, and for nothing else", () => {
    const autoscale = { "shop/api": { min: 1, max: 2 }, "shop/worker": { min: 3, max: 4 } };
    const bounds = { ...bounded.autoscale, min: assumed(1), max: assumed(2) };
    assert.deepEqual(inEnvironment(shop, differing({ autoscale })).workloads, [
      { ...bounded, autoscale: bounds },
      fixed,
    ]);
  });
});

describe("a difference of an environment", () => {
  const faultsOf = (differs: Partial<Environment["differs"]>, ...services: Service[]) =>
    refusal(() => rejectUnknownDifferences(differing(differs), services));
  /** What there is to name, in order, and the command that removes a difference which names something else. */
  const unknown = (kind: string, key: string, allowed: string) => [
    {
      code: "stray-difference",
      path: `upkeep:differs.${kind} in Pulumi.prod.yaml`,
      got: `"${key}"`,
      allowed,
      fix: `pulumi config rm --path 'upkeep:differs.${kind}["${key}"]' --stack prod`,
    },
  ];

  it("may name whatever a service declares", () => {
    const autoscale = { "shop/api": { min: 1, max: 2 } };
    assert.doesNotThrow(() =>
      rejectUnknownDifferences(
        differing({
          namespaces: { shop: "a", databases: "b", "shop-recovery": "c" },
          origins: { "https://api.example.com": "http://a", "https://other.example.com": "http://b" },
          sizes: { "shop/cache": "1Gi", "shop/far": "1Gi" },
          recipients: { "shop/all": recipient },
          autoscale,
        }),
        [shop],
      ),
    );
  });

  it("is refused where it names nothing, with what it may name: each once, in order", () => {
    const again = { ...shop, name: "again", endpoints: [] };
    assert.deepEqual(
      faultsOf({ namespaces: { none: "a" } }, shop, again),
      unknown("namespaces", "none", "databases, shop, shop-recovery"),
    );
    assert.deepEqual(
      faultsOf({ origins: { nowhere: "http://a" } }, shop, again),
      unknown("origins", "nowhere", "https://api.example.com, https://other.example.com"),
    );
    assert.deepEqual(
      faultsOf({ sizes: { "shop/all": "1Gi" } }, shop, again),
      unknown("sizes", "shop/all", "again/cache, again/far, shop/cache, shop/far"),
    );
    assert.deepEqual(
      faultsOf({ recipients: { "shop/cache": recipient } }, shop, again),
      unknown("recipients", "shop/cache", "again/all, shop/all"),
    );
    assert.deepEqual(
      faultsOf({ autoscale: { "shop/worker": { min: 1, max: 2 } } }, shop, again),
      unknown("autoscale", "shop/worker", "again/api, shop/api"),
    );
  });

  it("is refused where nothing is declared that it could name", () => {
    const { recoveryNamespace: _, ...plain } = objects;
    assert.deepEqual(
      faultsOf({ sizes: { a: "1Gi" } }, { ...shop, datastores: [plain as Configuration] }),
      unknown("sizes", "a", "none"),
    );
    assert.deepEqual(
      faultsOf({ namespaces: { a: "b" } }, { ...shop, datastores: [plain as Configuration] }),
      unknown("namespaces", "a", "shop"),
    );
  });
});
