import type { Postgres } from "../../declaration/datastore.ts";
import { type DatastoreExporter, datastoreFeature } from "./datastoreAlerts.ts";

/** The share of its connections above which a server soon refuses some. Source: PostgreSQLHighConnections of postgres_exporter's mixin. */
const CONNECTIONS = 0.8;

/** Autovacuum begins at a fifth (autovacuum_vacuum_scale_factor): with twice that it does not keep up. Small tables do not matter. */
const DEAD = { share: 0.4, rows: 10_000 } as const;

/** Half of what forces the server to stop writing; autovacuum works against it from a tenth on. Source: PostgreSQL's documentation, "routine-vacuuming". */
const TRANSACTION_IDS = 1_000_000_000;

/** Longer than a replica's query may hold the replay back (max_standby_streaming_delay, 30 s), and than a large transaction. */
const LAG = 300;

/** The series of postgres_exporter, with its collector database_wraparound, which is not on by default. Source: its collector/. */
const exporter: DatastoreExporter<Postgres> = {
  exporter: "postgres_exporter",
  measured: age,
  held: (scope, { database }) => `max(pg_database_size_bytes{${scope},datname="${database}"})`,
  alerts(scope, datastore) {
    const { name, database } = datastore;
    const rows = (which: "dead" | "live") =>
      `max by (schemaname, relname) (pg_stat_user_tables_n_${which}_tup{${scope},datname="${database}"})`;
    return [
      {
        name: "DatabaseConnectionsHigh",
        expr: `max(sum by (instance) (pg_stat_activity_count{${scope}}) / max by (instance) (pg_settings_max_connections{${scope}})) > ${CONNECTIONS}`,
        for: "10m",
        severity: "warning",
        summary: `${name} has few connections left`,
        description:
          "{{ $value | humanizePercentage }} of the server's connections are used; it refuses what exceeds them.",
      },
      {
        name: "DatabaseDeadRowsHigh",
        expr: `${rows("dead")} / ${rows("live")} > ${DEAD.share} and ${rows("dead")} > ${DEAD.rows}`,
        for: "1h",
        severity: "warning",
        summary: `Autovacuum does not keep up with ${name}`,
        description:
          "Table {{ $labels.schemaname }}.{{ $labels.relname }} has {{ $value | humanizePercentage }} as many dead rows as live ones: it grows, and its queries slow down.",
      },
      {
        name: "TransactionIdsLow",
        expr: `max(${age(scope, datastore)}) > ${TRANSACTION_IDS}`,
        for: "1h",
        severity: "critical",
        summary: `${name} runs out of transaction IDs`,
        description:
          "The oldest transaction of {{ $value | humanize }} is not frozen; near 2 billion the server stops writing.",
      },
      {
        name: "ReplicationLagHigh",
        // A primary's lag is 0. An exporter without the last series takes the idleness of a primary for the lag of its replica.
        expr: `max(pg_replication_lag_seconds{${scope}} and pg_replication_is_replica{${scope}} == 1 and pg_replication_last_replay_seconds{${scope}}) > ${LAG}`,
        for: "15m",
        severity: "warning",
        summary: `A replica of ${name} is behind`,
        description: "It is {{ $value | humanizeDuration }} behind its primary: a failover would lose that much.",
      },
    ];
  },
};

function age(scope: string, { database }: Postgres): string {
  return `pg_database_wraparound_age_datfrozenxid_seconds{${scope},datname="${database}"}`;
}

export const postgresExporter = datastoreFeature("postgres", exporter);
