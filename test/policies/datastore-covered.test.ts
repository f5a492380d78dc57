import assert from "node:assert/strict";
import { cloudNativePg } from "../../domain/declaration/continuous.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { guide } from "../../domain/values/sourced.ts";
import { datastoreCovered } from "../../policies/datastore-covered.ts";
import { shop } from "../support/shop.ts";
import { found, isUnjudged, judge, UNKNOWN, unknownIn } from "./judge.ts";

const COMPONENT = "upkeep:index:MaintainedService";

const judged = (service: unknown) => found(datastoreCovered, COMPONENT, { service });
const withoutBackups = (...gone: string[]): Service => ({
  ...shop,
  backups: shop.backups.filter(({ datastore }) => !gone.includes(datastore)),
});
const withReason = (reason: string): Service => ({
  ...withoutBackups("cache"),
  datastores: shop.datastores.map((one) => (one.name === "cache" ? { ...one, unprotected: reason } : one)),
});

describe("the policy datastore-covered", () => {
  it("accepts a service whose datastores all have a backup", () => {
    assert.deepEqual(judge(datastoreCovered, COMPONENT, { service: shop }), []);
  });

  it("refuses each datastore that has none, by name", () => {
    assert.deepEqual(judged(withoutBackups("orders", "cache")), [
      ["datastore-without-backup", 'datastores "orders"'],
      ["datastore-without-backup", 'datastores "cache"'],
    ]);
  });

  it("accepts one that says why it needs none, and takes blanks for no reason", () => {
    assert.deepEqual(judged(withReason("it is filled again from the database")), []);
    assert.equal(judged(withReason(" ")).length, 1);
  });

  it("asks for a drill, and takes blanks for no reason", () => {
    const undrilled = (reason?: string): Service => ({
      ...shop,
      backups: shop.backups.map((backup) => {
        const { drill, ...rest } = backup;
        return backup.datastore === "orders" ? { ...rest, ...(reason !== undefined && { undrilled: reason }) } : backup;
      }),
    });
    assert.deepEqual(judged(undrilled("rehearsed by hand each month")), []);
    for (const reason of [undefined, " "]) {
      assert.deepEqual(judged(undrilled(reason)), [["backup-without-drill", 'backup "shop-orders-backup"']]);
    }
  });

  describe("where the database's operator backs it up continuously", () => {
    const covered = (facts: object): Service => {
      const continuous = { ...cloudNativePg({ cluster: "orders", within, baseBackupWithin }), ...facts };
      const service = withoutBackups("orders");
      const datastores = service.datastores.map((one) => (one.name === "orders" ? { ...one, continuous } : one));
      return { ...service, datastores: datastores as Service["datastores"] };
    };
    const [within, baseBackupWithin] = [guide("5m"), guide("26h")] as const;

    it("asks for no dumps", () => assert.deepEqual(judged(covered({ undrilled: "rehearsed by its owners" })), []));

    it("asks for a drill of it", () => {
      assert.deepEqual(judged(covered({})), [["backup-without-drill", 'datastores "orders" continuous']]);
    });
  });

  it("accepts a service that stores nothing", () => {
    assert.deepEqual(judged({ ...shop, datastores: [], backups: [] }), []);
  });

  it("judges the other datastores when one is not known yet, and names that one", () => {
    const service = withoutBackups("orders");
    const datastores = service.datastores.map((one) => (one.name === "cache" ? { ...one, name: UNKNOWN } : one));
    const verdicts = judge(datastoreCovered, COMPONENT, { service: { ...service, datastores } });
    assert.deepEqual(
      verdicts.map(({ enforcementLevel }) => enforcementLevel),
      [undefined, "advisory"],
    );
    assert.equal(verdicts[0]?.fault?.path, 'datastores "orders"');
    assert.deepEqual(unknownIn(verdicts), ["service.datastores[1].name"]);
  });

  it("turns a value of the wrong shape into a violation that names it", () => {
    for (const service of [undefined, "text", { datastores: "text" }, { datastores: [null], backups: [] }]) {
      const verdicts = judge(datastoreCovered, COMPONENT, { service });
      assert.ok(verdicts.length > 0 && verdicts.every(isUnjudged), JSON.stringify(verdicts));
    }
  });
});
