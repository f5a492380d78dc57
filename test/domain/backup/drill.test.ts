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
import type { Drill } from "../../../domain/declaration/drill.ts";
import type { Backup, Service } from "../../../domain/declaration/service.ts";
import { declarationFaults } from "../../../domain/declarationFaults.ts";
import type { Fault } from "../../../domain/values/fault.ts";
import { assumed } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

const orders = keeping(shop, "orders");
const [declared] = orders.backups as [Backup];
const [, cached, objects] = shop.backups as [Backup, Backup, Backup];
const drill = declared.drill as Drill;

function faults(changes: Partial<Backup>, service: Service = orders): Fault[] {
  const { drill: _, ...backup } = declared;
  const changed = { ...service, backups: [{ ...backup, ...changes }] };
  return [...undrilledBackups(changed), ...drillFaults(changed)];
}

const refusal = (...args: Parameters<typeof faults>) => refused(faults(...args));

describe("a drill", () => {
  it("is declared for each datastore that can be restored, or says why not", () =>
    assert.deepEqual(drillFaults(shop), []));

  it("that is missing is refused while the backup gives no reason", () => {
    const missing = [["backup-without-drill", 'backup "shop-orders-backup"']];
    assert.deepEqual(refusal({}), missing);
    assert.deepEqual(refusal({ undrilled: " " }), missing);
    assert.deepEqual(refusal({ undrilled: "a test" }), []);
    assert.deepEqual(refusal({ drill }), []);
  });

  it("is part of what the component refuses", () => {
    const { drill: _, ...backup } = declared;
    const faults = declarationFaults({ ...orders, backups: [backup] }, environmentOf("prod"));
    assert.deepEqual(refused(faults), [["backup-without-drill", 'backup "shop-orders-backup"']]);
  });

  it("is refused where the recovery time, its deadline, does not fit between two runs", () => {
    const [fault, ...more] = faults({ drill: { ...drill, schedule: assumed("0 */4 * * *") } });
    assert.match(fault?.path ?? "", /^objectives\.recoveryTime/);
    assert.deepEqual(more, []);
  });

  it("on a day of the month and of the week is refused without a guard, and judged with it", () => {
    const paths = (schedule: string, only?: Drill["only"]) =>
      faults({ drill: { ...drill, schedule: assumed(schedule), ...(only && { only }) } }).map(({ path }) => path);
    assert.deepEqual(paths("0 6 1-7 * 6"), ["backups[0].drill.schedule"]);
    assert.deepEqual(paths("0 6 1-7 * *", { weekday: "saturday" }), []);
    assert.deepEqual(paths("0 6 * * 0", { weekday: "saturday" }), ["backups[0].drill.schedule"]);
  });

  it("asks its queries only of PostgreSQL", () => {
    const queries = { freshness: "SELECT now()", assertions: ["SELECT true", "SELECT 1 = 1"] };
    assert.deepEqual(refusal({ drill: { ...drill, ...queries } }), []);
    const asked = { ...cached, drill: { ...(cached.drill as Drill), ...queries } };
    assert.deepEqual(refused(drillFaults({ ...shop, backups: [asked] })), [
      ["sql-for-another-kind", "backups[0].drill.freshness"],
      ["sql-for-another-kind", "backups[0].drill.assertions"],
      ["sql-for-another-kind", "backups[0].drill.assertions"],
    ]);
  });

  it("of what no job restores is refused", () => {
    assert.deepEqual(refused(drillFaults({ ...shop, backups: [{ ...objects, drill }] })), [
      ["kind-without-drill", "backups[0].drill"],
    ]);
  });

  it("and its restore have names of their own, which a CronJob may have", () => {
    assert.deepEqual(jobsOfDrills(shop, declared), ["shop-orders-drill", "shop-orders-backup-restore"]);
    const { drill: _, ...undrilled } = declared;
    assert.deepEqual(jobsOfDrills(shop, undrilled), ["shop-orders-backup-restore"]);
    assert.deepEqual(
      faults({ drill, job: "a".repeat(45) }).map(({ path }) => path),
      ["backups[0]: the job of its restore"],
    );
    assert.deepEqual(refusal({ drill, job: "a".repeat(44) }), []);
  });

  it("has the recovery time, and a restore four times as long", () =>
    assert.equal(restoreDeadline(shop), `${16 * 3600}s`));

  it("has no restore where no job restores the datastore, or the datastore does not exist", () => {
    const of = (datastore: string): Backup => ({ ...declared, datastore });
    assert.deepEqual(
      shop.datastores.filter((one) => !isRestored(one)).map(({ name }) => name),
      ["dashboards"],
    );
    assert.deepEqual(jobsOfDrills(shop, of("dashboards")), ["shop-orders-drill"]);
    assert.deepEqual(jobsOfDrills(shop, of("nothing")), ["shop-orders-drill"]);
    const { drill: _, ...undrilled } = of("dashboards");
    assert.deepEqual(drillFaults({ ...shop, backups: [undrilled, of("nothing")] }), []);
  });

  it("does not exist for configuration, which a job restores all the same", () =>
    assert.deepEqual(jobsOfDrills(shop, objects), ["shop-config-backup-restore"]));
});

describe("the restore of a volume", () => {
  it("fills a claim of its own", () => assert.equal(restoredClaim({ claim: "files" }), "files-restored"));
});

describe("a drill that becomes slow", () => {
  const exprOf = (changes: Partial<Drill>) =>
    drillAlerts(shop, { ...drill, ...changes }, "data", environmentOf("prod"))[0]?.expr;
  const newest = (series: string) =>
    `max by (namespace, job_name) (kube_job_status_${series}_time{namespace="data",job_name=~"shop-orders-drill-[0-9]+"})`;

  it("notifies while there is time to act, at 80 % of the recovery time", () => {
    const environment = environmentOf("prod");
    assert.deepEqual(drillAlerts(shop, drill, "data", environment), [
      {
        alert: "DrillSlow",
        expr: `max(${newest("completion")} - topk(1, ${newest("start")} and ${newest("completion")})) > 11520`,
        for: "5m",
        labels: {
          severity: "warning",
          service: "shop",
          namespace: "data",
          environment: "prod",
          cronjob: "shop-orders-drill",
        },
        annotations: {
          summary: "shop-orders-drill took nearly as long as shop promises to be restored in",
          description:
            "The last drill took {{ $value | humanizeDuration }}, which is more than 3h 12m, 80% of the promised 4h.",
          runbook_url: `${environment.monitoring.runbooks}/DrillSlow.md`,
          dashboard_url: "https://grafana.example.com/d/shop_prod",
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
