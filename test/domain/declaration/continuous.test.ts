import assert from "node:assert/strict";
import { serviceAlerts } from "../../../domain/alerting/serviceAlerts.ts";
import { serviceFaults } from "../../../domain/backup/promises.ts";
import { type Continuous, cloudNativePg, pgBackRest, rds } from "../../../domain/declaration/continuous.ts";
import type { Postgres } from "../../../domain/declaration/datastore.ts";
import type { Service } from "../../../domain/declaration/service.ts";
import type { Duration } from "../../../domain/values/duration.ts";
import { assumed, guide } from "../../../domain/values/sourced.ts";
import { environmentOf } from "../../support/environment.ts";
import { refused } from "../../support/refused.ts";
import { keeping, shop } from "../../support/shop.ts";

/** The shop with its database alone, dumped once a day. */
const database = { ...keeping(shop, "orders"), workloads: [] };
const [orders] = database.datastores as [Postgres];
const why = "the operator's own drill comes with its next release";
const cluster = (facts: Partial<Continuous> = {}): Continuous => ({
  ...cloudNativePg({ cluster: "main", within: guide("5m"), baseBackupWithin: assumed("26h"), undrilled: why }),
  ...facts,
});

/** The service's database with a continuous backup and no dumps. */
const declaring = (continuous: Continuous, facts: Partial<Postgres> = {}): Service => ({
  ...database,
  datastores: [{ ...orders, continuous, ...facts }],
  backups: [],
});

const faultsOf = (service: Service) => refused(serviceFaults(service));

describe("a continuous backup", () => {
  it("is a datastore's backup, so that dumps are not asked for, whatever its size", () => {
    assert.deepEqual(faultsOf(declaring(cluster())), []);
    assert.deepEqual(faultsOf(declaring(cluster(), { size: guide("4Ti") })), []);
  });

  it("may be beside dumps, which keep the recovery point by themselves", () => {
    const both = { ...database, datastores: [{ ...orders, continuous: cluster() }] };
    assert.deepEqual(faultsOf(both), []);
    const rare = both.backups.map((one) => ({ ...one, schedule: assumed("0 2 * * 0") }));
    const [fault] = serviceFaults({ ...both, backups: rare });
    assert.equal(fault?.code, "recovery-point-missed");
    assert.match(fault?.got ?? "", /\b7d 1h 15m\b/);
  });

  it("is refused where its alert would notify only after the recovery point has passed, with the arithmetic", () => {
    const promised = (within: Duration) => {
      const objectives = { ...database.objectives, recoveryPoint: guide("1h" as const) };
      return serviceFaults({ ...declaring(cluster({ within: guide(within) })), objectives });
    };
    assert.deepEqual(promised("54m"), []);
    const faults = promised("55m");
    assert.deepEqual(refused(faults), [["alert-after-recovery-point", 'datastores "orders" continuous.within']]);
    const { got = "", allowed = "" } = faults[0] ?? {};
    assert.deepEqual(`${got} ${allowed}`.match(/\b\d+[mh]\b/g), ["55m", "5m", "1h"]);
  });

  it("is refused where it has neither a drill nor the reason why not", () => {
    const { undrilled: _, ...unsaid } = cluster();
    const faults = [["backup-without-drill", 'datastores "orders" continuous']];
    assert.deepEqual(faultsOf(declaring(unsaid)), faults);
    assert.deepEqual(faultsOf(declaring({ ...unsaid, undrilled: " " })), faults);
    assert.deepEqual(faultsOf(declaring({ ...unsaid, drill: { job: "restore-main", every: guide("8d") } })), []);
  });

  const environment = environmentOf("prod");
  const alertsOf = (continuous: Continuous, facts: Partial<Postgres> = {}) =>
    serviceAlerts({ ...declaring(continuous, facts), objectives: database.objectives }, environment).filter(
      ({ alert }) => /^(Continuous|MaintenanceJob)/.test(alert),
    );

  it("brings an alert on each measure that can be stale, and one where its age is missing", () => {
    assert.deepEqual(
      alertsOf(cluster()).map(({ alert, labels }) => `${alert} ${labels.measure} ${labels.severity}`),
      [
        "ContinuousBackupStale archive critical",
        "ContinuousBackupMissing archive critical",
        "ContinuousBackupStale base-backup warning",
        "ContinuousBackupMissing base-backup critical",
      ],
    );
  });

  it("is asked about in its own namespace", () => {
    for (const { expr } of alertsOf(cluster(), { namespace: "database" })) {
      assert.ok(expr.includes('namespace="database"') && !expr.includes("$scope"), expr);
    }
  });

  it("has its drill watched as every job", () => {
    const drilled = cluster({ drill: { job: "restore-main", every: guide("8d") } });
    const [stale, ...others] = alertsOf(drilled, { namespace: "database" }).filter(({ labels }) => labels.cronjob);
    assert.match(stale?.expr ?? "", /namespace="database",cronjob="restore-main".* > 691200$/);
    assert.deepEqual(
      others.map(({ alert }) => alert),
      ["MaintenanceJobMissing", "MaintenanceJobSuspended", "MaintenanceJobFailed"],
    );
  });

  it("of RDS is measured by the series that is named: no metric of CloudWatch has it", () => {
    const [stale] = alertsOf(
      rds({ age: "time() - max(rds_latest_restorable_time{$scope})", within: guide("5m"), undrilled: why }),
    );
    assert.equal(stale?.expr, 'time() - max(rds_latest_restorable_time{namespace="shop"}) > 300');
  });

  it("of pgBackRest is measured by the exporter that is there", () => {
    const series = (exporter: "pgMonitor" | "pgbackrest_exporter") =>
      alertsOf(
        pgBackRest({ stanza: "main", exporter, within: guide("5m"), baseBackupWithin: guide("26h"), undrilled: why }),
      ).flatMap(({ expr }) => /\((\w+)\{/.exec(expr)?.[1] ?? []);
    assert.deepEqual(
      [...new Set(series("pgMonitor"))],
      [
        "ccp_archive_command_status_seconds_since_last_archive",
        "ccp_backrest_last_incr_backup_time_since_completion_seconds",
      ],
    );
    assert.deepEqual(
      [...new Set(series("pgbackrest_exporter"))],
      ["pg_stat_archiver_last_archive_age", "pgbackrest_backup_since_last_completion_seconds"],
    );
  });
});

describe("a kind of continuous backup", () => {
  const within = guide<Duration>("5m");
  const baseBackupWithin = guide<Duration>("26h");
  const drill = { job: "restore-main", every: guide<Duration>("8d") };

  it("of RDS measures the archive alone, by the series that is named", () => {
    assert.deepEqual(rds({ age: "rds_age{$scope}", within, drill }), {
      by: "Amazon RDS",
      within,
      drill,
      measures: [{ what: "archive", age: "rds_age{$scope}", within }],
    });
  });

  it("of CloudNativePG measures the primary's archive while segments wait, and the newest base backup, by plugin or operator", () => {
    const pods = '$scope,pod=~"main-[0-9]+"';
    const primary = `on (namespace, pod) cnpg_pg_replication_in_recovery{${pods}} == 0`;
    const expected = (base: string) => ({
      by: "CloudNativePG",
      within,
      undrilled: why,
      measures: [
        {
          what: "archive",
          age:
            `max(cnpg_pg_stat_archiver_seconds_since_last_archival{${pods}} >= 0 and ${primary})` +
            ` * on () clamp_max(max(cnpg_collector_pg_wal_archive_status{${pods},value="ready"} and ${primary}), 1)`,
          within,
        },
        {
          what: "base backup",
          age: `time() - (max(${base}_last_available_backup_timestamp{${pods}}) > 0)`,
          within: baseBackupWithin,
        },
      ],
    });
    const facts = { cluster: "main", within, baseBackupWithin, undrilled: why };
    assert.deepEqual(cloudNativePg(facts), expected("barman_cloud_cloudnative_pg_io"));
    assert.deepEqual(cloudNativePg({ ...facts, inCore: true }), expected("cnpg_collector"));
  });

  it("of pgBackRest measures the youngest archive and backup of its stanza, by either exporter", () => {
    const measured = (exporter: "pgMonitor" | "pgbackrest_exporter", archive: string, base: string) =>
      assert.deepEqual(pgBackRest({ stanza: "main", exporter, within, baseBackupWithin, drill }), {
        by: "pgBackRest",
        within,
        drill,
        measures: [
          { what: "archive", age: archive, within },
          { what: "base backup", age: base, within: baseBackupWithin },
        ],
      });
    measured(
      "pgMonitor",
      "min(ccp_archive_command_status_seconds_since_last_archive{$scope} >= 0)",
      'min(ccp_backrest_last_incr_backup_time_since_completion_seconds{$scope,stanza="main"})',
    );
    measured(
      "pgbackrest_exporter",
      "min(pg_stat_archiver_last_archive_age{$scope} >= 0)",
      'min(pgbackrest_backup_since_last_completion_seconds{$scope,stanza="main"})',
    );
  });
});
