import assert from "node:assert/strict";
import { lifecycleRules, lockDays } from "../../../domain/backup/retention.ts";
import { retentionFaults } from "../../../domain/backup/retentionFaults.ts";
import { volume } from "../../../domain/declaration/datastore.ts";
import type { Keep } from "../../../domain/declaration/keep.ts";
import type { Backup, Service } from "../../../domain/declaration/service.ts";
import type { Duration } from "../../../domain/values/duration.ts";
import { assumed, type Sourced } from "../../../domain/values/sourced.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

const orders = keeping(shop, "orders");
const [daily] = orders.backups as [Backup];
const keep: Keep = { hourly: assumed("12h"), daily: assumed("30d"), monthly: assumed("365d") };

function serviceWith(changes: Partial<Backup> & { drill?: { schedule: Sourced<string> } }): Service {
  return { ...orders, backups: [{ ...daily, ...changes }] };
}

const days = (service: Service) =>
  Object.fromEntries(lifecycleRules(service).map(({ id, expiration }) => [id, expiration?.days]));

describe("what a bucket keeps", () => {
  it("is each manifest as long as its tier is promised, and its data longer", () => {
    assert.deepEqual(days(serviceWith({ keep })), {
      "database/manifests/monthly/": 365,
      "database/data/monthly/": 367,
      "database/manifests/daily/": 30,
      "database/data/daily/": 32,
      // S3 counts in days.
      "database/manifests/hourly/": 1,
      "database/data/hourly/": 3,
      "database/manifests/suspect/": 365,
      "database/data/suspect/": 367,
      "database/golden/": undefined,
      "database/drills/": 400,
      "database/before-restore/": 30,
      abandoned: undefined,
    });
  });

  it("is in rules that are in force, each on a prefix of its own; what they hide is gone a day later", () => {
    for (const rule of lifecycleRules(serviceWith({ keep })).filter(({ expiration }) => expiration?.days)) {
      const { id, expiration } = rule;
      const gone = { noncurrentVersionExpiration: { noncurrentDays: 1 } };
      assert.deepEqual(rule, { id, status: "Enabled", filter: { prefix: id }, expiration, ...gone });
    }
  });

  it("is the newest golden copy for ever, with three behind it", () => {
    const id = "database/golden/";
    assert.deepEqual(
      lifecycleRules(orders).find((rule) => rule.id === id),
      {
        id,
        status: "Enabled",
        filter: { prefix: id },
        noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: 3 },
      },
    );
  });

  it("is no aborted upload, and no marker of what is gone, under any prefix", () => {
    assert.deepEqual(lifecycleRules(orders).at(-1), {
      id: "abandoned",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { expiredObjectDeleteMarker: true },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
    });
  });

  it("is a volume's parts for a week longer than any manifest that may name them", () => {
    const files = volume("files", {
      claim: "files",
      size: assumed("1Gi"),
      uid: 1,
      gid: 1,
      throughput: assumed("1Gi"),
      from: { owner: { app: "files" } },
    });
    const both = { ...orders, datastores: [files, ...orders.datastores] };
    const partsOf = (datastore: string) =>
      days({ ...both, backups: [{ ...daily, keep, datastore }] })["database/data/"];
    assert.equal(partsOf("files"), 365 + 7 + 2);
    assert.equal(partsOf(daily.datastore), undefined);
    // What is declared nowhere is refused elsewhere.
    assert.equal(partsOf("nowhere"), undefined);
  });

  it("is locked as long as the shortest-kept backup, so that the lifecycle can delete it", () => {
    assert.equal(lockDays(orders), 30);
    assert.equal(lockDays(serviceWith({ keep })), 1);
    assert.equal(lockDays({ backups: [] }), 30);
  });

  it("moves after a day to the storage class that its tier declares; manifests do not move", () => {
    const rules = lifecycleRules(serviceWith({ keep, storageClass: { monthly: "GLACIER_IR" } }));
    const moved = rules.filter(({ transitions }) => transitions).map(({ id, transitions }) => [id, transitions]);
    assert.deepEqual(moved, [["database/data/monthly/", [{ days: 1, storageClass: "GLACIER_IR" }]]]);
  });

  it("does not move when it is gone the day after", () => {
    const moved = (kept: Duration) => {
      const hourly = serviceWith({ keep: { hourly: assumed(kept) }, storageClass: { hourly: "GLACIER_IR" } });
      return lifecycleRules(hourly).filter(({ transitions }) => transitions).length;
    };
    assert.deepEqual([moved("24h"), moved("25h"), moved("49h")], [0, 1, 1]);
  });
});

describe("a retention is refused", () => {
  const tooRare = [["drills-too-rare", "backups[0].drill.schedule"]];
  const drill = (schedule: string, kept: Keep = daily.keep) =>
    serviceWith({ keep: kept, drill: { job: "drill", schedule: assumed(schedule), startingDeadline: "5m" } });
  const stored = (storageClass: Backup["storageClass"], recoveryTime: Duration = "12h") =>
    retentionFaults({
      ...serviceWith({ keep, ...(storageClass && { storageClass }) }),
      objectives: { ...orders.objectives, recoveryTime: assumed(recoveryTime) },
    });

  it("whose drills are further apart than the longest-kept backup lives, for then none may be golden", () => {
    const [monthly] = retentionFaults(drill("0 4 1 * *"));
    assert.deepEqual(refused(retentionFaults(drill("0 4 1 * *"))), tooRare);
    assert.match(monthly?.got ?? "", / 31d /);
    assert.match(monthly?.allowed ?? "", /^less than 30d, .* daily backups/);
    assert.deepEqual(retentionFaults(drill("0 4 * * 6")), []);
  });

  it("whose drills are as far apart as the longest-kept backup lives, whichever tier that is of", () => {
    const kept: Keep = { monthly: assumed("62d"), daily: assumed("365d"), hourly: assumed("2d") };
    assert.match(retentionFaults(drill("0 4 1 1 *", kept))[0]?.allowed ?? "", /^less than 365d, .* daily backups/);
    assert.deepEqual(refused(retentionFaults(drill("0 4 1 * *", { daily: assumed("31d") }))), tooRare);
    assert.deepEqual(retentionFaults(drill("0 4 1 * *", { daily: assumed("32d") })), []);
  });

  it("with a storage class whose data cannot be read within the recovery time", () => {
    const slow = [["retrieval-too-slow", "backups[0].storageClass.monthly"]];
    assert.deepEqual(refused(stored({ monthly: "GLACIER" })), slow);
    assert.match(stored({ monthly: "GLACIER" })[0]?.got ?? "", / 12h$/);
    assert.match(stored({ monthly: "DEEP_ARCHIVE" })[0]?.got ?? "", / 48h$/);
    assert.deepEqual(stored({ monthly: "GLACIER_IR" }), []);
    assert.deepEqual(stored({ monthly: "GLACIER" }, "13h"), []);
  });

  it("with a storage class of a tier that is not kept", () => {
    assert.deepEqual(refused(stored({ weekly: "GLACIER_IR" })), [
      ["storage-class-without-tier", "backups[0].storageClass.weekly"],
    ]);
  });

  it("only where its schedule can be read: jobFaults refuses what cannot", () => {
    assert.deepEqual(retentionFaults(drill("once a year")), []);
    assert.throws(() => retentionFaults(drill(undefined as never)), TypeError);
  });

  it("not for what it has no drills of", () => {
    const { drill: _, ...undrilled } = daily;
    assert.deepEqual(retentionFaults({ ...orders, backups: [{ ...undrilled, undrilled: "too large" }] }), []);
  });
});
