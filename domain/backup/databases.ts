import { parseImageReference } from "../kubernetes/imageReference.ts";
import type { PodSpec } from "../kubernetes/podSpec.ts";
import { type Fault, redacted } from "../values/fault.ts";
import type { Shape } from "../values/shape.ts";

/** Databases that no service declares: whose backup, or whose reason for having none, stands on their own resource. */

/** Annotation or tag of a database: what backs it up, where its own fields do not say so. */
const BACKED_UP_BY = "upkeep/backed-up-by";
/** Annotation or tag of a database: why it has no backup. */
const UNPROTECTED = "upkeep/unprotected";

type Notes = Readonly<Record<string, string>>;

/** A StatefulSet's or a Deployment's part that says whether it stores something. */
export interface DatabaseWorkload {
  metadata?: { annotations?: Notes };
  spec?: { volumeClaimTemplates?: readonly object[] };
}

export const databaseWorkloadShape: Shape = {
  metadata: { annotations: { "*": "text" } },
  spec: { volumeClaimTemplates: [{}] },
};

/** The repositories of databases' images, in any registry. Caches without a volume, search indexes, metrics and queues are left out. */
const database = new RegExp(
  [
    "^(?:postgres|postgresql|postgis|timescaledb|timescaledb-ha|pgvector|mysql|mariadb|percona|percona-xtradb-cluster|mongo|mongodb|percona-server-mongodb|redis|redis-stack|valkey",
    "keydb|cassandra|scylla|cockroach|couchdb|couchbase|neo4j|influxdb|clickhouse|arangodb|rethinkdb)",
  ]
    .join("|")
    .concat("(?:-(?:server|repmgr|ha|galera|sharded|cluster|community|enterprise))?$"),
);

/** Faults of a workload that stores a database and does not say what backs it up. @param pod of its template */
export function databaseWorkloadFaults({ metadata, spec }: DatabaseWorkload, pod: PodSpec): Fault[] {
  const claims = spec?.volumeClaimTemplates?.length ?? 0;
  if (claims === 0 && !(pod.volumes ?? []).some((volume) => volume.persistentVolumeClaim !== undefined)) return [];
  const names = (pod.containers ?? []).flatMap(({ image }) => nameOf(image ?? ""));
  const name = names.find((one) => database.test(one));
  if (name === undefined || explains(metadata?.annotations ?? {})) return [];
  return [
    {
      code: "database-without-backup",
      path: `metadata.annotations["${BACKED_UP_BY}"]`,
      got: undefined,
      allowed: `what backs up the data of ${name}, or ${UNPROTECTED} with the reason for no backup`,
      fix: `add for example ${BACKED_UP_BY}: "CronJob shop/orders-backup"`,
    },
  ];
}

function nameOf(image: string): string[] {
  try {
    return [parseImageReference(image).repository.split("/").at(-1) ?? ""];
  } catch {
    // image-pinned names it.
    return [];
  }
}

/** The part of CloudNativePG's Cluster that says where its backups go. */
export interface DatabaseCluster {
  metadata?: { annotations?: Notes };
  spec?: {
    backup?: { barmanObjectStore?: object; volumeSnapshot?: object };
    plugins?: readonly { enabled?: boolean }[];
    replica?: { enabled?: boolean };
  };
}

export const databaseClusterShape: Shape = {
  metadata: { annotations: { "*": "text" } },
  spec: {
    backup: { barmanObjectStore: {}, volumeSnapshot: {} },
    plugins: [{ enabled: "boolean" }],
    replica: { enabled: "boolean" },
  },
};

/** Faults of a Cluster (postgresql.cnpg.io) that archives nothing anywhere: its ScheduledBackups fail, too. */
export function databaseClusterFaults({ metadata, spec = {} }: DatabaseCluster): Fault[] {
  const { backup, plugins = [], replica } = spec;
  const archives = backup?.barmanObjectStore !== undefined || backup?.volumeSnapshot !== undefined;
  // A replica of another cluster: the backups are that one's.
  if (archives || plugins.some(({ enabled }) => enabled !== false) || replica?.enabled === true) return [];
  if (explains(metadata?.annotations ?? {})) return [];
  return [
    {
      code: "cluster-without-backup",
      path: "spec.backup",
      got: backup === undefined ? undefined : "without an object store and without snapshots",
      allowed: `a plugin or barmanObjectStore or volumeSnapshot, or the annotation ${BACKED_UP_BY} or ${UNPROTECTED}`,
      fix: "add the plugin barman-cloud.cloudnative-pg.io, and a ScheduledBackup",
    },
  ];
}

/** The part of RDS' instances and clusters that says how long automated backups are kept. */
export interface ManagedDatabase {
  backupRetentionPeriod?: number;
  tags?: Notes;
}

export const managedDatabaseShape: Shape = { backupRetentionPeriod: "number", tags: { "*": "text" } };

/** Fields of an instance that takes its retention, or its data, from another one. */
const derived = ["replicateSourceDb", "snapshotIdentifier", "restoreToPointInTime", "s3Import"];

/** Faults of a managed database without automated backups. @param kind such as `rds.Instance` or `docdb.Cluster` */
export function managedDatabaseFaults(kind: string, fields: ManagedDatabase): Fault[] {
  const { backupRetentionPeriod: days } = fields;
  // The provider's default is 0 for an instance, and a day for a cluster.
  const isOff = days === 0 || (days === undefined && kind === "rds.Instance" && !isDerived(fields));
  if (!isOff || isReplica(fields) || explains(fields.tags ?? {})) return [];
  return [
    {
      code: "automated-backups-off",
      path: "backupRetentionPeriod",
      got: redacted(days),
      allowed: `1 to 35 days, or the tag ${BACKED_UP_BY} or ${UNPROTECTED}`,
      fix: "set 7 or more: with 0 nothing can be restored",
    },
  ];
}

// By key: what comes from another resource is not known in a preview.
function isDerived(fields: object): boolean {
  return derived.some((field) => Object.keys(fields).includes(field));
}

function isReplica(fields: object): boolean {
  return Object.keys(fields).includes("replicateSourceDb");
}

function explains(notes: Notes): boolean {
  return [BACKED_UP_BY, UNPROTECTED].some((name) => (notes[name] ?? "").trim() !== "");
}
