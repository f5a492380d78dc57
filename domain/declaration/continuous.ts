import { z } from "zod";
import type { Duration } from "../values/duration.ts";
import { shownPromqlError } from "../values/promql.ts";
import { judgedText, optional } from "../values/schema.ts";
import type { Sourced } from "../values/sourced.ts";
import { duration, objectName, sentence, sourced } from "./texts.ts";

export const measureSchema = z.strictObject({
  what: z.enum(["archive", "base backup"]).describe("What has the age: the archive or the base backup."),
  age: judgedText("an expression of PromQL", "min(pg_stat_archiver_last_archive_age{$scope})", (expr) => {
    const got = shownPromqlError(expr);
    return got === undefined ? undefined : { got, fix: "correct it there" };
  }).describe(
    "PromQL of its age in seconds, with `$scope` for the matcher of the datastore's namespace: one series without labels, or no series while the exporter reports nothing.",
  ),
  within: sourced(duration).describe("Its highest allowed age."),
});

/** An age of a continuous backup, in seconds. */
export interface Measure extends z.output<typeof measureSchema> {}

export const continuousDrillSchema = z.strictObject({
  job: objectName("a CronJob", "shop-restore-test").describe("The CronJob's name, in the datastore's namespace."),
  every: sourced(duration).describe("The longest time between two successful drills."),
});

/** A job that restores from the continuous backup, made and owned by the database's owner. */
export interface ContinuousDrill extends z.output<typeof continuousDrillSchema> {}

export const continuousSchema = z.strictObject({
  by: z
    .enum(["Amazon RDS", "CloudNativePG", "pgBackRest"])
    .describe("What makes it, as its constructor sets it: `rds`, `cloudNativePg` or `pgBackRest`."),
  within: sourced(duration).describe(
    "The most data, as time, that it can lose: the highest age of the newest archived change.",
  ),
  measures: z.array(measureSchema).describe("Its measured ages, which the constructors set."),
  drill: optional(continuousDrillSchema).describe("The drill of its restore."),
  undrilled: optional(sentence("the operator rehearses it")).describe(
    "Why it has no drill. Either `drill` or this is required.",
  ),
});

/**
 * A continuous backup, which the database's own operator makes, as the alternative to dumps: Upkeep only monitors its age.
 * docs/continuous.md describes each vendor's series and their limits.
 */
export interface Continuous extends z.output<typeof continuousSchema> {}

/** The fields of every constructor. */
type Common = Pick<Continuous, "within"> & Partial<Pick<Continuous, "drill" | "undrilled">>;

/** The fields of constructors that make base backups. */
interface WithBase extends Common {
  /** The highest age of the newest base backup: a restore replays everything since. */
  baseBackupWithin: Sourced<Duration>;
}

/**
 * RDS for PostgreSQL, or Aurora. Its base backups are not visible; it ships its log every five minutes, up to the LatestRestorableTime of
 * DescribeDBInstances. That is not a CloudWatch metric, so no CloudWatch exporter has it: pass the expression of your own exporter.
 *
 * @param facts.age PromQL of the seconds since LatestRestorableTime, from your exporter
 */
export function rds({ age, ...common }: Common & { age: string }): Continuous {
  return { by: "Amazon RDS", ...common, measures: [{ what: "archive", age, within: common.within }] };
}

/**
 * A Cluster of CloudNativePG that archives to an object store. The age counts only while segments wait: a database without changes
 * archives nothing, and loses nothing. With its `archive_timeout` of five minutes every change becomes a waiting segment.
 *
 * @param facts.cluster the Cluster's name, which its pods' names begin with
 * @param facts.inCore whether the operator itself backs up, as before 1.26, instead of the Barman Cloud plugin: its series has another name
 */
export function cloudNativePg({
  cluster,
  inCore = false,
  baseBackupWithin,
  ...common
}: WithBase & { cluster: string; inCore?: boolean }): Continuous {
  const pods = `$scope,pod=~"${cluster}-[0-9]+"`;
  const primary = `on (namespace, pod) cnpg_pg_replication_in_recovery{${pods}} == 0`;
  const waiting = `cnpg_collector_pg_wal_archive_status{${pods},value="ready"}`;
  const base = inCore ? "cnpg_collector" : "barman_cloud_cloudnative_pg_io";
  return {
    by: "CloudNativePG",
    ...common,
    measures: [
      {
        what: "archive",
        // A replica, which archives nothing, reports -1; so does a primary that never archived.
        age:
          `max(cnpg_pg_stat_archiver_seconds_since_last_archival{${pods}} >= 0 and ${primary})` +
          ` * on () clamp_max(max(${waiting} and ${primary}), 1)`,
        within: common.within,
      },
      {
        what: "base backup",
        // Only the primary reports it; the others report 0, and so do all before the first backup.
        age: `time() - (max(${base}_last_available_backup_timestamp{${pods}}) > 0)`,
        within: baseBackupWithin,
      },
    ],
  };
}

/** The exporter of pgBackRest's metrics: pgMonitor's queries, as Crunchy's operator PGO has them, or pgbackrest_exporter beside postgres_exporter. */
export type PgBackRestExporter = "pgMonitor" | "pgbackrest_exporter";

/**
 * A stanza of pgBackRest. Each of its kinds of backup counts as one: a full one is as good as an incremental one.
 *
 * @param facts.stanza as pgBackRest names it
 */
export function pgBackRest({
  stanza,
  exporter,
  baseBackupWithin,
  ...common
}: WithBase & { stanza: string; exporter: PgBackRestExporter }): Continuous {
  const of = `$scope,stanza="${stanza}"`;
  // The youngest: a replica reports NaN, or the time from when it was the primary.
  const { archive, base } = {
    pgMonitor: {
      archive: "min(ccp_archive_command_status_seconds_since_last_archive{$scope} >= 0)",
      base: `min(ccp_backrest_last_incr_backup_time_since_completion_seconds{${of}})`,
    },
    pgbackrest_exporter: {
      archive: "min(pg_stat_archiver_last_archive_age{$scope} >= 0)",
      base: `min(pgbackrest_backup_since_last_completion_seconds{${of}})`,
    },
  }[exporter];
  return {
    by: "pgBackRest",
    ...common,
    measures: [
      { what: "archive", age: archive, within: common.within },
      { what: "base backup", age: base, within: baseBackupWithin },
    ],
  };
}
