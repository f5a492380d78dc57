import assert from "node:assert/strict";
import { cloudNativePg } from "../../domain/declaration/continuous.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { guide } from "../../domain/values/sourced.ts";
import { drillDeclared } from "../../policies/drill-declared.ts";
import { shop } from "../support/shop.ts";
import { found, judge } from "./judge.ts";

const COMPONENT = "upkeep:index:MaintainedService";
const judged = (service: unknown) => found(drillDeclared, COMPONENT, { service });

/** The shop with its drill of the orders changed. */
function drilled(changes: (backup: Service["backups"][number]) => object): Service {
  const backups = shop.backups.map((one) => (one.datastore === "orders" ? changes(one) : one));
  return { ...shop, backups } as Service;
}

describe("the policy drill-declared", () => {
  it("accepts a service whose backups all have a drill", () => {
    assert.deepEqual(judge(drillDeclared, COMPONENT, { service: shop }), []);
  });

  it("asks who rehearses a restore, and takes blanks for no reason", () => {
    const undrilled = (reason?: string) =>
      drilled(({ drill: _, ...rest }) => ({ ...rest, ...(reason !== undefined && { undrilled: reason }) }));
    assert.deepEqual(judged(undrilled("rehearsed by hand each month")), []);
    for (const reason of [undefined, " "]) {
      assert.deepEqual(judged(undrilled(reason)), [["backup-without-drill", 'backup "shop-orders-backup"']]);
    }
  });

  it("refuses a drill that runs less often than once a quarter", () => {
    const every = (schedule: string) =>
      drilled((backup) => ({ ...backup, drill: { ...backup.drill, schedule: guide(schedule) } }));
    assert.deepEqual(judged(every("0 4 1 */3 *")), []);
    assert.deepEqual(judged(every("0 4 1 */6 *")), [["drill-too-rare", 'backup "shop-orders-backup" drill schedule']]);
  });

  it("judges the drill of a continuous backup too", () => {
    const covered = (facts: object) => {
      const continuous = {
        ...cloudNativePg({ cluster: "orders", within: guide("5m"), baseBackupWithin: guide("26h") }),
        ...facts,
      };
      const datastores = shop.datastores.map((one) => (one.name === "orders" ? { ...one, continuous } : one));
      return judged({ ...shop, datastores, backups: [] });
    };
    assert.deepEqual(covered({}), [["backup-without-drill", 'datastores "orders" continuous']]);
    assert.deepEqual(covered({ drill: { every: guide("92d") } }), []);
    assert.deepEqual(covered({ drill: { every: guide("93d") } }), [
      ["drill-too-rare", 'datastores "orders" continuous drill every'],
    ]);
  });

  it("says nothing of a declaration of another shape, which datastore-covered names", () => {
    assert.deepEqual(judged({}), []);
    assert.deepEqual(judged({ datastores: [{ kind: "mysql", name: "main" }], backups: [] }), []);
  });
});
