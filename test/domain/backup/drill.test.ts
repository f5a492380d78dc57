import assert from "node:assert/strict";
import { undrilledBackups } from "../../../domain/backup/coverage.ts";
import {
  drillAlerts,
  drillFaults,
  isRestored,
  jobsOfDrills,
  restoreDeadline,
  restoredClaim,
} from "../../../domain/backup/drill.ts";
import { grafana } from "../../../domain/declaration/datastore.ts";
import type { Drill } from "../../../domain/declaration/drill.ts";
import type { Backup, Service } from "../../../domain/declaration/service.ts";
import { declarationFaults } from "../../../domain/declarationFaults.ts";
import { faultMessage } from "../../../domain/values/fault.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { mplp } from "../../../services/mplp.ts";
import { database } from "../../support/database.ts";
import { environmentOf } from "../../support/environment.ts";

const [declared] = database.backups as [Backup];
const drill = declared.drill as Drill;
const dashboards = grafana("dashboards", { url: "http://grafana:3000", token: { secret: "grafana", key: "token" } });

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
    const [never = ""] = refusal({
      drill: { ...drill, schedule: assumed("0 6 * * 0"), only: { weekday: "saturday" } },
    });
    assert.match(never, /^backups\[0\]\.drill\.schedule is "0 6 \* \* 0": none of its days is a saturday;/);
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
    assert.deepEqual(refusal({ drill: { ...drill, assertions: ["\n  SELECT true"] } }), []);
    assert.deepEqual(refusal({ drill: { ...drill, assertions: ["EXPLAIN SELECT true"] } }), [
      'backups[0].drill.assertions is 19 characters; allowed: one SELECT without a semicolon. Fix: write for example "SELECT max(created_at) FROM events"',
    ]);
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
    const { drill: _, ...undrilled } = declared;
    assert.deepEqual(jobsOfDrills(mplp, undrilled), ["mplp-backup-restore"]);
    const job = "a".repeat(45);
    assert.deepEqual(refusal({ drill, job }), [
      `backups[0]: the job of its restore is "${job}-restore" (53 characters); allowed: at most 52 lower-case letters, digits and dashes. Fix: give it a shorter, plain name`,
    ]);
    assert.deepEqual(refusal({ drill, job: "a".repeat(44) }), []);
  });

  it("has the recovery time, and a restore four times as long", () =>
    assert.equal(restoreDeadline(mplp), `${16 * 3600}s`));

  it("has no restore where no job restores the datastore, or there is none", () => {
    const service = { ...mplp, datastores: [...mplp.datastores, dashboards] };
    const of = (datastore: string): Backup => ({ ...declared, datastore });
    assert.equal(isRestored(dashboards), false);
    assert.deepEqual(jobsOfDrills(service, of("dashboards")), ["mplp-drill"]);
    assert.deepEqual(jobsOfDrills(service, of("nothing")), ["mplp-drill"]);
    const { drill: _, ...undrilled } = of("dashboards");
    assert.deepEqual(drillFaults({ ...service, backups: [undrilled, of("nothing")] }), []);
  });

  it("is none of configuration, which a job restores all the same", () => {
    const [, , objects] = mplp.backups as [Backup, Backup, Backup];
    assert.deepEqual(jobsOfDrills(mplp, objects), ["mplp-config-backup-restore"]);
  });
});

describe("the restore of a volume", () => {
  it("fills a claim of its own", () => assert.equal(restoredClaim({ claim: "files" }), "files-restored"));
});

describe("a drill that becomes slow", () => {
  const exprOf = (changes: Partial<Drill>) =>
    drillAlerts(mplp, { ...drill, ...changes }, "data", environmentOf("prod"))[0]?.expr;
  const newest = (series: string) =>
    `max by (namespace, job_name) (kube_job_status_${series}_time{namespace="data",job_name=~"mplp-drill-[0-9]+"})`;

  it("is told while there is room, at 80 % of the recovery time", () => {
    const environment = environmentOf("prod");
    assert.deepEqual(drillAlerts(mplp, drill, "data", environment), [
      {
        alert: "DrillSlow",
        expr: `max(${newest("completion")} - topk(1, ${newest("start")} and ${newest("completion")})) > 11520`,
        for: "5m",
        labels: {
          severity: "warning",
          service: "mplp",
          namespace: "data",
          environment: "prod",
          cronjob: "mplp-drill",
        },
        annotations: {
          summary: "mplp-drill took nearly as long as mplp promises to be restored in",
          description:
            "The last drill took {{ $value | humanizeDuration }}, which is more than 3h 12m, 80% of the promised 4h.",
          runbook_url: `${environment.monitoring.runbooks}/DrillSlow.md`,
        },
      },
    ]);
  });

  it("is measured on the runs that its guard lets work", () => {
    const guarded = `and day_of_week(${newest("start")}) == 6`;
    assert.equal(
      exprOf({ only: { weekday: "saturday" } }),
      `max(${newest("completion")} - topk(1, ${newest("start")} and ${newest("completion")} ${guarded})) > 11520`,
    );
  });
});
