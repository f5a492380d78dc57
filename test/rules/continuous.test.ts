import { serviceAlerts } from "../../domain/alerting/serviceAlerts.ts";
import { type Continuous, cloudNativePg, pgBackRest } from "../../domain/declaration/continuous.ts";
import { postgres, secret } from "../../domain/declaration/declaration.ts";
import { assumed, guide } from "../../domain/values/sourced.ts";
import { environmentOf } from "../support/environment.ts";
import { keeping, shop } from "../support/shop.ts";
import { series } from "./exporters.ts";
import { type Firing, judge, type Series } from "./promtool.ts";

const database = keeping(shop, "orders");
const namespace = "database";

const rulesOf = (continuous: Continuous) => {
  const main = postgres("main", {
    ...{ host: "main-rw", namespace, version: 17, database: "orders", size: assumed("500Gi"), continuous },
    credentials: secret("main-app"),
  });
  const service = { ...database, datastores: [main], backups: [], endpoints: [], alerts: [] };
  const rules = serviceAlerts(service, environmentOf("prod")).filter(({ alert }) => alert.startsWith("Continuous"));
  return [{ name: "continuous", rules }];
};
const within = { within: guide("5m"), baseBackupWithin: assumed("3h"), undrilled: "see docs/continuous.md" } as const;

/** The alerts on each measure at a moment; promtool needs all alerts of a name at once. */
const firing =
  (alert: string) =>
  (at: string, told: { archive?: string; base?: string } = {}): Firing => ({
    at,
    alert,
    fires: Object.entries(told).map(([measure, description]) => ({
      labels: { measure: measure === "base" ? "base-backup" : measure },
      description,
    })),
  });
const stale = firing("ContinuousBackupStale");
const missing = firing("ContinuousBackupMissing");
const unknown = (what: string, by: string) =>
  `No series says how old the newest ${what} is that ${by} has of main: there never was one, or its exporter is not scraped.`;

describe("the alerts on a Cluster of CloudNativePG", () => {
  const groups = rulesOf(cloudNativePg({ cluster: "main", ...within }));
  const pod = (name: string, samples: Record<"recovery" | "archived" | "waiting" | "base", string>): Series => {
    const labels = { namespace, pod: name, container: "postgres", job: `${namespace}/main` };
    return {
      ...series("cnpg_pg_replication_in_recovery", labels, samples.recovery),
      ...series("cnpg_pg_stat_archiver_seconds_since_last_archival", labels, samples.archived),
      ...series("cnpg_collector_pg_wal_archive_status", { ...labels, value: "ready" }, samples.waiting),
      ...series("cnpg_collector_pg_wal_archive_status", { ...labels, value: "done" }, "6x300"),
      ...series("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp", labels, samples.base),
    };
  };
  const replica = pod("main-2", { recovery: "1x300", archived: "-1x300", waiting: "0x300", base: "0x300" });
  const primary = { recovery: "0x300", archived: "60x300", waiting: "0x300", base: "60x300" };

  it("are silent while the primary archives, whatever its replicas say", () =>
    judge(groups, { ...pod("main-1", primary), ...replica }, [stale("2h"), missing("2h")]));

  it("fire when segments wait and none was archived for too long", () =>
    judge(
      groups,
      { ...pod("main-1", { ...primary, archived: "60x29 60+60x100", waiting: "0x29 3x100" }), ...replica },
      [
        stale("38m"),
        stale("45m", { archive: "The newest archive that CloudNativePG has of main is 16m 0s old; it may be 5m." }),
      ],
    ));

  it("are silent about a database that changes nothing, and so archives nothing", () =>
    judge(groups, { ...pod("main-1", { ...primary, archived: "60+60x300" }), ...replica }, [stale("2h30m")]));

  it("follow the primary when it moves: what the old one archived says nothing", () =>
    judge(
      groups,
      {
        ...pod("main-1", { ...primary, recovery: "0x29 1x300", archived: "60x29 60+60x300", waiting: "0x29 2x300" }),
        ...pod("main-2", { ...primary, recovery: "1x29 0x300", archived: "-1x29 30x300", base: "0x29 60x300" }),
      },
      [stale("2h"), missing("2h")],
    ));

  it("fire for a primary that never archived anything, and for one that was never backed up", () =>
    judge(groups, { ...pod("main-1", { ...primary, archived: "-1x300", base: "0x300" }), ...replica }, [
      missing("20m", { archive: unknown("archive", "CloudNativePG"), base: unknown("base backup", "CloudNativePG") }),
    ]));

  it("fire for a base backup that is stale", () =>
    judge(groups, { ...pod("main-1", primary), ...replica }, [
      stale("3h"),
      stale("4h", { base: "The newest base backup that CloudNativePG has of main is 3h 59m 0s old; it may be 3h." }),
    ]));

  it("take no other Cluster of the namespace for it", () =>
    judge(groups, pod("main-copy-1", primary), [
      missing("20m", { archive: unknown("archive", "CloudNativePG"), base: unknown("base backup", "CloudNativePG") }),
    ]));
});

for (const [exporter, archive, base] of [
  [
    "pgMonitor",
    "ccp_archive_command_status_seconds_since_last_archive",
    "ccp_backrest_last_incr_backup_time_since_completion_seconds",
  ],
  ["pgbackrest_exporter", "pg_stat_archiver_last_archive_age", "pgbackrest_backup_since_last_completion_seconds"],
] as const) {
  describe(`the alerts on a stanza of pgBackRest, as ${exporter} exports it`, () => {
    const groups = rulesOf(pgBackRest({ stanza: "main", exporter, ...within }));
    const told = (archived: string, ages: Record<string, string>, stanza = "main"): Series => ({
      ...series(archive, { namespace, pod: "main-1" }, archived),
      // Of a replica it is no number.
      ...series(archive, { namespace, pod: "main-2" }, Array(301).fill("NaN").join(" ")),
      ...Object.assign(
        {},
        ...Object.entries(ages).map(([type, samples]) =>
          series(base, { namespace, stanza, backup_type: type }, samples),
        ),
      ),
    });

    it("are silent while it archives and one kind of backup is young", () =>
      judge(groups, told("60x300", { full: "500000x300", incr: "3600x300" }), [stale("2h"), missing("2h")]));

    it("fire when it archives no more, and when every kind of backup is stale", () =>
      judge(groups, told("60+60x300", { full: "500000x300", incr: "100000x300" }), [
        stale("30m", {
          archive: "The newest archive that pgBackRest has of main is 31m 0s old; it may be 5m.",
          base: "The newest base backup that pgBackRest has of main is 1d 3h 46m 40s old; it may be 3h.",
        }),
      ]));

    it("fire where only another stanza is backed up", () =>
      judge(groups, told("60x300", { full: "60x300" }, "other"), [
        missing("20m", { base: unknown("base backup", "pgBackRest") }),
      ]));
  });
}
