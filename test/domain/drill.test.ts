import assert from "node:assert/strict";
import { undrilledBackups } from "../../domain/coverage.ts";
import { declarationFaults } from "../../domain/declarationFaults.ts";
import { type Drill, drillFaults, jobsOfDrills, restoreDeadline } from "../../domain/drill.ts";
import { faultMessage } from "../../domain/fault.ts";
import type { Backup, Service } from "../../domain/service.ts";
import { assumed } from "../../domain/sourced.ts";
import { mplp } from "../../services/mplp.ts";
import { database } from "../support/database.ts";
import { environmentOf } from "../support/environment.ts";

const [declared] = database.backups as [Backup];
const drill = declared.drill as Drill;

function refusal(changes: Partial<Backup>, service: Service = database): string[] {
  const { drill: _, ...backup } = declared;
  const changed = { ...service, backups: [{ ...backup, ...changes }] };
  return [...undrilledBackups(changed), ...drillFaults(changed)].map(faultMessage);
}

describe("a drill", () => {
  it("is declared for MPLP's database and cache, and its configuration says why not", () =>
    assert.deepEqual(drillFaults(mplp), []));

  it("that is missing is refused while the backup gives no reason", () => {
    assert.deepEqual(refusal({}), [
      'backup "mplp-backup" is without a drill; allowed: a backup from which a restore is rehearsed, or one that says why none is. Fix: add drill: { … }, or set undrilled: "<the reason>" beside it',
    ]);
    assert.equal(refusal({ undrilled: " " }).length, 1);
    assert.deepEqual(refusal({ undrilled: "a test" }), []);
    assert.deepEqual(refusal({ drill }), []);
  });

  it("is part of what the component refuses", () => {
    const { drill: _, ...backup } = declared;
    const faults = declarationFaults({ ...database, backups: [backup] }, environmentOf("prod"));
    assert.deepEqual(
      faults.map(({ path }) => path),
      ['backup "mplp-backup"'],
    );
  });

  it("is refused where the recovery time, its deadline, does not fit between two runs", () => {
    assert.deepEqual(refusal({ drill: { ...drill, schedule: assumed("0 */4 * * *") } }), [
      'objectives.recoveryTime, which is the drill\'s deadline, is 4h; allowed: less than 4h, the shortest gap of schedule "0 */4 * * *". Fix: shorten it, or run the job less often',
    ]);
  });

  it("on a day of the month and of the week is refused without a guard, and judged with it", () => {
    const [or] = refusal({ drill: { ...drill, schedule: assumed("0 6 1-7 * 6") } });
    assert.match(
      or as string,
      /^backups\[0\]\.drill\.schedule is "0 6 1-7 \* 6", which .*OR.*only: \{ weekday: "saturday" \}$/,
    );
    assert.deepEqual(
      refusal({ drill: { ...drill, schedule: assumed("0 6 1-7 * *"), only: { weekday: "saturday" } } }),
      [],
    );
  });

  it("asks its queries as one SELECT each, and only of PostgreSQL", () => {
    const [freshness, ...more] = refusal({
      drill: { ...drill, freshness: "SELECT now();", assertions: ["DELETE FROM plans", "select true"] },
    });
    assert.match(
      freshness as string,
      /^backups\[0\]\.drill\.freshness is 13 characters; allowed: one SELECT without a semicolon\. Fix: /,
    );
    assert.equal(more.length, 1);
    assert.match(more[0] as string, /^backups\[0\]\.drill\.assertions is /);
    const cache = { ...mplp, backups: mplp.backups.filter(({ datastore }) => datastore === "cache") };
    const [backup] = cache.backups as [Backup];
    const asked = { ...backup, drill: { ...(backup.drill as Drill), freshness: "SELECT now()" } };
    assert.deepEqual(drillFaults({ ...cache, backups: [asked] }).map(faultMessage), [
      "backups[0].drill.freshness is SQL for a redis; allowed: none: only postgres is asked by SQL. Fix: leave it out",
    ]);
  });

  it("of what no job restores is refused", () => {
    const objects = mplp.backups.filter(({ datastore }) => datastore === "configuration");
    assert.deepEqual(drillFaults({ ...mplp, backups: [{ ...(objects[0] as Backup), drill }] }).map(faultMessage), [
      'backups[0].drill is of "configuration", a configuration; allowed: a datastore of kind postgres, redis, volume. Fix: remove the drill, and set undrilled: "<the reason>"',
    ]);
  });

  it("and its restore have names of their own, which a CronJob may have", () => {
    assert.deepEqual(jobsOfDrills(mplp, declared), ["mplp-drill", "mplp-backup-restore"]);
    const job = "a".repeat(45);
    assert.deepEqual(refusal({ drill, job }), [
      `backups[0]: the job of its restore is "${job}-restore" (53 characters); allowed: at most 52 lower-case letters, digits and dashes. Fix: give it a shorter, plain name`,
    ]);
    assert.deepEqual(refusal({ drill, job: "a".repeat(44) }), []);
  });

  it("has the recovery time, and a restore four times as long", () =>
    assert.equal(restoreDeadline(mplp), `${16 * 3600}s`));
});
