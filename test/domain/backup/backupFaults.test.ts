import assert from "node:assert/strict";
import { backupFaults } from "../../../domain/backup/backupFaults.ts";
import type { Datastore } from "../../../domain/declaration/datastore.ts";
import type { Backup, Service } from "../../../domain/declaration/service.ts";
import type { Size } from "../../../domain/values/size.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

const orders = keeping(shop, "orders");
const three = keeping(shop, "orders", "cache", "configuration");
const [declared] = orders.backups as [Backup];

const faults = (service: Service) => refused(backupFaults(service));
const changed = (changes: Partial<Backup>) => faults({ ...orders, backups: [{ ...declared, ...changes }] });

describe("a service's backups", () => {
  it("hold with a datastore of each kind", () => assert.deepEqual(faults(shop), []));

  it("are refused where one's prefix contains another's: they share the service's bucket", () => {
    const [main, cache, objects] = three.backups as [Backup, Backup, Backup];
    const refusal = (index: number) => [["overlapping-prefixes", `backups[${index}].prefix`]];
    const prefixes = (...backups: Backup[]) => faults({ ...three, backups });
    assert.deepEqual(prefixes(main, { ...cache, prefix: "database/redis/" }, objects), refusal(1));
    assert.deepEqual(prefixes({ ...main, prefix: "config/main/" }, cache, objects), refusal(2));
    assert.deepEqual(prefixes(main, cache, { ...objects, prefix: "redis/" }), refusal(2));
    assert.deepEqual(prefixes(main, { ...cache, prefix: "data/" }, objects), []);
  });

  it("are each compared with the size of their own datastore", () => {
    const sizes: Record<string, Size> = { orders: "90Gi", cache: "101Gi" };
    const datastores = three.datastores.map((datastore) => {
      const size = sizes[datastore.name];
      return size ? ({ ...datastore, size: assumed(size), throughput: assumed("38Mi") } as Datastore) : datastore;
    });
    assert.deepEqual(faults({ ...three, datastores }), [
      ["deadline-shorter-than-backup", "backups[1].deadline"],
      ["scratch-too-large-for-node", "backups[1].scratchClass"],
    ]);
  });

  it("are each judged by how long they are kept", () =>
    assert.deepEqual(changed({ keep: { daily: assumed("1d") } }), [["tier-kept-too-short", "backups[0].keep.daily"]]));
});
