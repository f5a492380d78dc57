import assert from "node:assert/strict";
import { cloudNativePg } from "../../domain/declaration/continuous.ts";
import type { Postgres } from "../../domain/declaration/datastore.ts";
import type { Service } from "../../domain/declaration/service.ts";
import { posture, type ServicePosture } from "../../domain/posture.ts";
import { assumed, guide } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { keeping, shop } from "../support/shop.ts";

const of = (service: Service) => posture(environmentOf("prod"), [service]).services[0] as ServicePosture;
const database = keeping(shop, "orders");
const [orders] = database.datastores as [Postgres];

describe("the posture of a backup", () => {
  it("shows how long a run takes, and that it was not measured", () => {
    assert.deepEqual(of(database).backups[0]?.takes, {
      sum: "10m 40s (20Gi at 32Mi a second)",
      within: "45m",
      source: "assumed",
    });
    const measured = { ...orders, size: guide("30Gi" as const), throughput: guide("60Mi" as const) };
    assert.deepEqual(of({ ...database, datastores: [measured] }).backups[0]?.takes, {
      sum: "8m 32s (30Gi at 60Mi a second)",
      within: "45m",
      source: "guide",
    });
  });

  it("says who keeps it where the bucket is not Upkeep's", () => {
    const prod = environmentOf("prod");
    const environment = { ...prod, backups: { ...prod.backups, buckets: { shop: { name: "acme-backups" } } } };
    const [orders] = posture(environment, [database]).services[0]?.backups ?? [];
    assert.equal(orders?.keep, `${of(database).backups[0]?.keep}, if its bucket's own lifecycle does`);
    assert.equal(orders?.manifests, "s3://acme-backups/database/manifests/");
  });

  it("shows no such sum where no size is declared", () => {
    const [configuration] = of(keeping(shop, "configuration")).backups;
    assert.equal(configuration?.kind, "configuration");
    assert.equal(configuration?.takes, undefined);
  });
});

describe("the posture of a backup with a recovery point of its own", () => {
  const own = of({
    ...shop,
    datastores: shop.datastores.map((one) =>
      one.name === "orders" ? { ...one, recoveryPoint: guide<"30h">("30h") } : one,
    ),
  });

  it("says it, with its margin, beside the others'", () => {
    const [first, second] = own.backups;
    assert.deepEqual(first?.recoveryPoint, { promised: "30h", source: "guide" });
    assert.equal(first?.margin, "4h 45m");
    assert.ok(second && !("recoveryPoint" in second));
    assert.equal(second.margin, "1h");
  });

  it("is not what the service's own is kept by", () => {
    const often = {
      ...(database.backups[0] as Service["backups"][number]),
      schedule: assumed("0 2 * * 0"),
      datastore: "orders",
    };
    const kept = (service: Service) => of(service).recoveryPoint.keptBy;
    const weekly = [{ ...orders, recoveryPoint: guide<"8d">("8d") }];
    assert.equal(
      kept({ ...database, datastores: weekly, backups: [often] }),
      "nothing: each backup has a recovery point of its own",
    );
    const others = shop.datastores.map((one) =>
      one.name === "orders" ? { ...one, recoveryPoint: guide<"8d">("8d") } : one,
    );
    const backups = shop.backups.map((one) => (one.datastore === "orders" ? often : one));
    assert.equal(kept({ ...shop, datastores: others, backups }), "backups that lose at most 25h");
  });
});

describe("the posture of a continuous backup", () => {
  const within = { within: guide("5m"), baseBackupWithin: assumed("26h") } as const;
  const continuously = (
    facts: { undrilled: string } | { drill: { job: string; every: ReturnType<typeof guide<"8d">> } },
  ) =>
    of({
      ...database,
      datastores: [
        { ...orders, namespace: "database", continuous: cloudNativePg({ cluster: "main", ...within, ...facts }) },
      ],
      backups: [],
    });

  it("shows what it loses at the most, and keeps the recovery point by it", () => {
    const { continuous, recoveryPoint, backups } = continuously({ undrilled: "its owners rehearse it" });
    assert.deepEqual(continuous, [
      {
        datastore: "orders",
        by: "CloudNativePG",
        within: "5m",
        source: "guide",
        baseBackupWithin: "26h",
        drill: "none: its owners rehearse it",
      },
    ]);
    assert.equal(recoveryPoint.keptBy, "continuous backups that lose at most 5m");
    assert.deepEqual(backups, []);
  });

  it("names the job of its drill", () => {
    const { continuous } = continuously({ drill: { job: "restore-main", every: guide("8d") } });
    assert.equal(continuous[0]?.drill, "database/restore-main, every 8d");
  });
});
