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
    const sizes: Record<string, Size> = { orders: "40Gi", cache: "101Gi" };
    const datastores = three.datastores.map((datastore) => {
      const size = sizes[datastore.name];
      return size ? ({ ...datastore, size: assumed(size), throughput: assumed("38Mi") } as Datastore) : datastore;
    });
    assert.deepEqual(faults({ ...three, datastores }), [
      ["deadline-shorter-than-backup", "backups[1].deadline"],
      ["scratch-too-large-for-node", "backups[1].scratchClass"],
    ]);
  });

  it("are made in an image that is pinned, as every other image is", () => {
    const imaged = (image: string) =>
      faults({ ...orders, datastores: orders.datastores.map((one) => ({ ...one, image }) as Datastore) });
    for (const image of [
      "pgvector/pgvector:0.8.1-pg17-trixie",
      "postgis/postgis:17-3.5",
      `a.example.com/b@sha256:${"0".repeat(64)}`,
    ]) {
      assert.deepEqual(imaged(image), [], image);
    }
    assert.deepEqual(imaged("pgvector/pgvector:pg17"), [["image-tag-moves", "datastores[0].image"]]);
    assert.deepEqual(imaged("pgvector/pgvector"), [["image-without-tag", "datastores[0].image"]]);
    assert.deepEqual(imaged("PgVector:1.2.3 "), [["image-unreadable", "datastores[0].image"]]);
  });

  it("are each judged by how long they are kept", () =>
    assert.deepEqual(changed({ keep: { daily: assumed("1d") } }), [["tier-kept-too-short", "backups[0].keep.daily"]]));
});
