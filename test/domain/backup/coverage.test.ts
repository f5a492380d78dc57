import assert from "node:assert/strict";
import { uncoveredDatastores, undrilledBackups } from "../../../domain/backup/coverage.ts";
import type { Datastore, Postgres } from "../../../domain/declaration/datastore.ts";
import type { Backup } from "../../../domain/declaration/service.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

const { datastores, backups } = keeping(shop, "orders");
const [backup] = backups as [Backup];
const [orders] = datastores as [Postgres];
const cache = { ...orders, kind: "redis", name: "cache" } as unknown as Datastore;
const uncovered = (...args: Parameters<typeof uncoveredDatastores>) => refused(uncoveredDatastores(...args));
const refusal = (name: string) => [["datastore-without-backup", `datastores "${name}"`]];

describe("a datastore without a backup", () => {
  it("is a fault, though another has one", () => {
    assert.deepEqual(
      uncovered({ datastores: [orders, { ...orders, name: "other" }], backups: [backup] }),
      refusal("other"),
    );
  });

  it("gets the advice of continuous backups only where its kind can have them", () => {
    const advice = (datastore: Datastore) => uncoveredDatastores({ datastores: [datastore], backups: [] })[0]?.fix;
    assert.match(advice(orders) ?? "", /continuous: /);
    assert.doesNotMatch(advice(cache) ?? "", /continuous/);
  });

  it("is no fault where it says why it needs none, and blanks say nothing", () => {
    assert.deepEqual(uncovered({ datastores: [{ ...orders, unprotected: "made anew from Git" }], backups: [] }), []);
    assert.deepEqual(uncovered({ datastores: [{ ...orders, unprotected: " " }], backups: [] }), refusal("orders"));
  });

  it("is no fault where its operator backs it up continuously", () => {
    const continuous = { undrilled: "the operator's own" } as NonNullable<Postgres["continuous"]>;
    assert.deepEqual(uncovered({ datastores: [{ ...orders, continuous }], backups: [] }), []);
  });

  it("is a fault where its kind has no operator that could, whatever it declares", () => {
    const continuous = { undrilled: "the operator's own" };
    assert.deepEqual(uncovered({ datastores: [{ ...cache, continuous } as Datastore], backups: [] }), refusal("cache"));
  });
});

describe("a backup without a drill", () => {
  const without = (changes: object) =>
    ({ ...backup, drill: undefined, undrilled: undefined, ...changes }) as unknown as Backup;
  const undrilled = (...args: Parameters<typeof undrilledBackups>) => refused(undrilledBackups(...args));

  it("is a fault", () => {
    for (const changes of [{}, { undrilled: " " }]) {
      assert.deepEqual(undrilled({ datastores: [orders], backups: [without(changes)] }), [
        ["backup-without-drill", 'backup "shop-orders-backup"'],
      ]);
    }
  });

  it("is one too where it is continuous", () => {
    const continuous = { undrilled: " " } as NonNullable<Postgres["continuous"]>;
    assert.deepEqual(undrilled({ datastores: [{ ...orders, continuous }], backups: [] }), [
      ["backup-without-drill", 'datastores "orders" continuous'],
    ]);
  });

  it("is no fault where it has a drill, or says why not", () => {
    const rehearsed = [without({ drill: backup.drill }), without({ undrilled: "too large" })];
    assert.deepEqual(undrilled({ datastores: [orders], backups: rehearsed }), []);
  });
});
