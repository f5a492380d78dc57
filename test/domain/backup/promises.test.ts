import assert from "node:assert/strict";
import { healthyAge, serviceFaults, worstCaseLoss } from "../../../domain/backup/promises.ts";
import { rds } from "../../../domain/declaration/continuous.ts";
import type { Datastore } from "../../../domain/declaration/datastore.ts";
import type { Backup, Service } from "../../../domain/declaration/service.ts";
import { jobFaults } from "../../../domain/jobs/maintenanceJob.ts";
import type { Duration } from "../../../domain/values/duration.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

const orders = keeping(shop, "orders");
const [declared] = orders.backups as [Backup];
const [main] = orders.datastores as [Datastore];

/** The database's backup with other facts, and the service's recovery point. */
function promising(changes: Partial<Backup>, recoveryPoint: Duration = "26h"): Service {
  const objectives = { ...shop.objectives, recoveryPoint: assumed(recoveryPoint) };
  return { ...orders, objectives, backups: [{ ...declared, ...changes }] };
}

const refusal = (service: Service) => refused(serviceFaults(service));
const got = (service: Service) => serviceFaults(service)[0]?.got ?? "";
const missed = [["recovery-point-missed", "backups[0].schedule"]];

describe("a service's promises", () => {
  it("hold with a datastore of each kind", () => assert.deepEqual(serviceFaults(shop), []));

  it("count the longest gap, the starting deadline and the deadline into the worst case", () => {
    assert.equal(worstCaseLoss(orders, declared), (24 * 60 + 30 + 45) * 60);
  });

  it("are refused with the arithmetic where the schedule cannot keep the recovery point", () => {
    const day = promising({}, "24h");
    assert.deepEqual(refusal(day), missed);
    assert.match(got(day), /25h 15m \(longest gap 24h \+ starting deadline 30m \+ deadline 45m\)$/);
  });

  it("count the gap once more for each failed run that is survived, and say so", () => {
    assert.equal(worstCaseLoss(orders, { ...declared, survives: 2 }), (3 * 24 * 60 + 30 + 45) * 60);
    assert.deepEqual(refusal(promising({ survives: 1 })), missed);
    assert.match(got(promising({ survives: 1 })), /2d 1h 15m \(longest gap 24h \+ the same to survive a failed run \+/);
  });

  it("count a declared lag of the database that is dumped, and say so", () => {
    const standby = { ...orders, datastores: [{ ...main, maxLag: "50m" } as Datastore] };
    assert.equal(worstCaseLoss(standby, declared), (24 * 60 + 30 + 45 + 50) * 60);
    assert.equal(healthyAge(standby, declared), (24 * 60 + 30 + 45 + 50) * 60);
    assert.deepEqual(refusal(standby), missed);
    assert.match(got(standby), /26h 5m \(longest gap 24h \+ starting deadline 30m \+ deadline 45m \+ lag 50m\)$/);
  });

  it("leave survived failures out of the age that a healthy backup can reach", () => {
    assert.equal(healthyAge(orders, { ...declared, survives: 2 }), (24 * 60 + 30 + 45) * 60);
  });

  it("are kept within an hour by a run every 20 minutes, one failure survived, and not by one every 30", () => {
    const often = { startingDeadline: "2m", deadline: "15m", survives: 1 } as const;
    const every = (schedule: string, survives = 1) =>
      refusal(promising({ ...often, schedule: assumed(schedule), survives }, "1h"));
    assert.deepEqual(every("*/20 * * * *"), []);
    assert.deepEqual(every("*/30 * * * *", 0), []);
    assert.deepEqual(every("*/30 * * * *"), missed);
  });

  it("are refused at exactly the recovery point", () => {
    assert.deepEqual(refusal(promising({ deadline: "90m" })), missed);
    assert.notDeepEqual(refusal(promising({ deadline: "89m" })), missed);
  });

  it("are refused for a schedule that keeps weekends out of a daily promise", () => {
    const workdays = promising({ schedule: assumed("0 2 * * 1-5") });
    assert.deepEqual(refusal(workdays), missed);
    assert.match(got(workdays), /3d 1h 15m \(longest gap 3d \+/);
  });

  it("are a datastore's own where it declares a recovery point, shorter or longer than the service's", () => {
    const own = (recoveryPoint: Duration, service: Duration) => ({
      ...promising({}, service),
      datastores: [{ ...main, recoveryPoint: assumed(recoveryPoint) } as Datastore],
    });
    assert.deepEqual(refusal(own("26h", "1h")), []);
    assert.deepEqual(refusal(own("24h", "26h")), missed);
    assert.match(serviceFaults(own("24h", "26h"))[0]?.allowed ?? "", /24h$/);
    assert.deepEqual(refusal(own("25h", "7d")), missed);
  });

  it("are a dump's own beside a continuous backup, which keeps the datastore's", () => {
    const secondary = assumed<Duration>("26h");
    const beside = (within: Duration, changes: Partial<Backup> = { secondary }) => {
      const continuous = rds({ age: "age{$scope}", within: assumed(within), undrilled: "its owners rehearse it" });
      return { ...promising(changes, "1h"), datastores: [{ ...main, continuous } as Datastore] };
    };
    assert.deepEqual(refusal(beside("10m")), []);
    assert.deepEqual(refusal(beside("10m", {})), missed);
    assert.deepEqual(refusal(beside("10m", { secondary: assumed("24h") })), missed);
    assert.deepEqual(refusal(beside("55m")), [["alert-after-recovery-point", 'datastores "orders" continuous.within']]);
    assert.deepEqual(refusal(promising({ secondary })), [["secondary-without-continuous", "backups[0].secondary"]]);
  });

  it("are refused where a datastore has no backup and gives no reason", () => {
    assert.deepEqual(refusal({ ...orders, datastores: [main, { ...main, name: "index" }] }), [
      ["datastore-without-backup", 'datastores "index"'],
    ]);
  });

  it("are refused where a backup has no drill", () => {
    const { drill: _, ...undrilled } = declared;
    assert.deepEqual(refusal({ ...orders, backups: [undrilled] }), [
      ["backup-without-drill", 'backup "shop-orders-backup"'],
    ]);
  });

  it("are refused for a backup of a datastore that is not declared, and name those that are", () => {
    const datastores = [...orders.datastores, { ...main, name: "index", unprotected: "rebuilt from the event log" }];
    const other = { ...declared, datastore: "archive", job: "other", prefix: "other/" };
    const archived = { ...orders, datastores, backups: [declared, other] };
    assert.deepEqual(refusal(archived), [["unknown-datastore", "backups[1].datastore"]]);
    assert.equal(serviceFaults(archived)[0]?.allowed, '"orders", "index"');
    assert.deepEqual(refusal({ ...orders, datastores: [] }), [["unknown-datastore", "backups[0].datastore"]]);
  });

  it("are refused where two datastores share a name", () => {
    assert.deepEqual(refusal({ ...orders, datastores: [main, main] }), [["duplicate-name", "datastores"]]);
  });

  it("are refused where two backups share a job's name", () => {
    assert.deepEqual(refusal({ ...orders, backups: [declared, { ...declared, prefix: "again/" }] }), [
      ["duplicate-name", "backups"],
    ]);
  });
});

describe("the alert on a backup's age", () => {
  it("is refused where it could fire only after the recovery point has passed", () => {
    const late = promising({ deadline: "85m" });
    assert.deepEqual(refusal(promising({ deadline: "84m" })), []);
    assert.deepEqual(refusal(late), [["alert-after-recovery-point", "backups[0].schedule"]]);
    assert.match(got(late), / 26h \(longest gap 24h \+ starting deadline 30m \+ deadline 1h 25m \+ 5m /);
  });

  it("is not judged where the schedule itself breaks the recovery point", () => {
    assert.deepEqual(refusal(promising({ deadline: "90m" })), missed);
  });
});

describe("a maintenance job's times", () => {
  const times = { name: "shop-backup", schedule: "0 2 * * *", startingDeadline: "30m", deadline: "45m" };
  const paths = (changes: Partial<typeof times>) => jobFaults({ ...times, ...changes }).map(({ path }) => path);

  it("hold as declared", () => assert.deepEqual(paths({}), []));
  it("refuse a deadline that reaches the next run", () => assert.deepEqual(paths({ deadline: "24h" }), ["deadline"]));
  it("refuse a starting deadline that reaches the next run", () =>
    assert.deepEqual(paths({ startingDeadline: "1d" }), ["startingDeadline"]));
  it("refuse a starting deadline that the controller can miss", () =>
    assert.deepEqual(paths({ startingDeadline: "9s" }), ["startingDeadline"]));
  it("refuse a name of 53 characters, and take one of 52", () => {
    assert.deepEqual(paths({ name: "a".repeat(53) }), ["name"]);
    assert.deepEqual(paths({ name: "a".repeat(52) }), []);
  });
  it("refuse a number without a unit", () => {
    assert.deepEqual(paths({ startingDeadline: "30", deadline: "45" }), ["startingDeadline", "deadline"]);
  });
});
