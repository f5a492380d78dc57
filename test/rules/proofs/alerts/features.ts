import type { Postgres, Redis } from "../../../../domain/declaration/datastore.ts";
import { namespaceOf } from "../../../../domain/declaration/datastoreOf.ts";
import { bytes } from "../../../../domain/values/size.ts";
import { ago, cluster, counted, exported, kubeStateMetrics } from "../exporters.ts";
import type { Metric } from "../metric.ts";
import { thresholds } from "../mutants.ts";
import type { Proof, Subject } from "../proof.ts";

const quiet = { withoutSeries: false, exporterDown: false };

const namespaceLabel = ({ rule: { labels } }: Subject) => labels.namespace as string;

export function secretOld(subject: Subject): Proof {
  const [most] = thresholds(subject.rule.expr) as [number];
  const created = (secret: string, age: number): Metric =>
    kubeStateMetrics("kube_secret_created", { namespace: namespaceLabel(subject), secret }, ago(age));
  const own = subject.rule.labels.secret as string;
  return {
    ...quiet,
    step: 600,
    others: [...cluster, created(`${own}-other`, 2 * most)],
    beyond: [created(own, 1.1 * most)],
    within: [created(own, 0.9 * most)],
  };
}

/** A series of cert-manager, on a Certificate. */
const certificate = (what: string, namespace: string, labels: Metric["labels"], value: Metric["value"]): Metric => ({
  name: `certmanager_certificate_${what}`,
  labels: { name: "web", namespace, instance: "10.0.2.1:9402", issuer_name: "letsencrypt", ...labels },
  value,
  elsewhere: { instance: "10.0.2.2:9402" },
});

const ready = (namespace: string, status: string, labels: Metric["labels"] = {}) =>
  ["True", "False", "Unknown"].map((condition) =>
    certificate("ready_status", namespace, { condition, ...labels }, condition === status ? 1 : 0),
  );

export function certificateNotReady(subject: Subject): Proof {
  const namespace = namespaceLabel(subject);
  return {
    ...quiet,
    others: [...ready(namespace, "True", { name: "another" }), ...ready("another", "False")],
    beyond: ready(namespace, "False"),
    within: ready(namespace, "True"),
    cases: { "it is not known whether it is ready": { metrics: ready(namespace, "Unknown"), fires: true } },
  };
}

export function certificateNotRenewed(subject: Subject): Proof {
  const namespace = namespaceLabel(subject);
  const [most] = thresholds(subject.rule.expr) as [number];
  // From the second evaluation on, for promtool's clock begins at 0, and a renewal at 0 or before is not planned.
  const WINDOW = 40;
  const used = (share: number) => [
    certificate("renewal_timestamp_seconds", namespace, {}, ago(share * WINDOW)),
    certificate("expiration_timestamp_seconds", namespace, {}, ago((share - 1) * WINDOW)),
  ];
  return {
    ...quiet,
    after: 1,
    others: ready(namespace, "True"),
    beyond: used(1.1 * most),
    within: used(0.9 * most),
    cases: {
      "its renewal is not planned": {
        metrics: [
          certificate("renewal_timestamp_seconds", namespace, {}, 0),
          certificate("expiration_timestamp_seconds", namespace, {}, ago(-1)),
        ],
        fires: false,
      },
    },
  };
}

const report = (name: string, namespace: string, severity: string, value: number, labels: Metric["labels"] = {}) => ({
  name,
  labels: { namespace, severity, resource_kind: "ReplicaSet", resource_name: "web-7d9f8c6b5d", ...labels },
  value,
});

const image = { image_registry: "index.docker.io", image_repository: "example/web", image_tag: "1.2.3" };

const vulnerabilities = (namespace: string, severity: string, value: number) =>
  report("trivy_image_vulnerabilities", namespace, severity, value, image);

const A_DAY = { step: 1800 };

export function vulnerabilitiesCritical(subject: Subject): Proof {
  const namespace = namespaceLabel(subject);
  return {
    ...quiet,
    ...A_DAY,
    others: [vulnerabilities("another", "Critical", 3)],
    beyond: [vulnerabilities(namespace, "Critical", 1)],
    within: [vulnerabilities(namespace, "Critical", 0)],
    cases: { "they are not critical": { metrics: [vulnerabilities(namespace, "High", 9)], fires: false } },
  };
}

export function configurationAuditCritical(subject: Subject): Proof {
  const namespace = namespaceLabel(subject);
  const findings = (severity: string, value: number, at = namespace) =>
    report("trivy_resource_configaudits", at, severity, value);
  return {
    ...quiet,
    ...A_DAY,
    others: [findings("Critical", 3, "another")],
    beyond: [findings("Critical", 1)],
    within: [findings("Critical", 0)],
    cases: { "they are not critical": { metrics: [findings("High", 9)], fires: false } },
  };
}

export function vulnerabilityReportsMissing(subject: Subject): Proof {
  const others = [vulnerabilities("another", "Low", 0)];
  return {
    ...A_DAY,
    others,
    beyond: [],
    within: [vulnerabilities(namespaceLabel(subject), "Low", 0)],
    withoutSeries: true,
    exporterDown: false,
  };
}

/** The datastore that an alert is about, and where its exporter is. */
function datastoreOf<D extends Postgres | Redis>({ rule: { labels }, service }: Subject): D & { at: string } {
  const found = service?.datastores.find(({ name }) => name === labels.datastore);
  if (!service || !found) throw new Error(`${labels.service} declares no datastore ${labels.datastore}`);
  return { ...(found as D), at: namespaceOf(service, found) };
}

const pg = (subject: Subject) => {
  const { at, database } = datastoreOf<Postgres>(subject);
  return {
    server: (name: string, value: Metric["value"], labels: Metric["labels"] = {}) =>
      exported(`pg_${name}`, at, labels, value),
    database: (name: string, value: Metric["value"], labels: Metric["labels"] = {}) =>
      exported(`pg_${name}`, at, { datname: database, ...labels }, value),
    other: (name: string, value: Metric["value"], labels: Metric["labels"] = {}) =>
      exported(`pg_${name}`, at, { datname: "template1", ...labels }, value),
  };
};

/** What an exporter of another datastore exports. */
const others = [exported("pg_up", "another", {}, 1), exported("redis_up", "another", {}, 1)];

const datastoreProof = { ...quiet, others };

/** What the exporter of a datastore exports that it measures. */
export function measuredDatastore(subject: Subject): { within: Metric[]; unmeasured: Metric[] } {
  if (subject.rule.labels.exporter === "redis_exporter") {
    const up = (value: number) => [exported("redis_up", datastoreOf<Redis>(subject).at, {}, value)];
    return { within: up(1), unmeasured: up(0) };
  }
  const age = "database_wraparound_age_datfrozenxid_seconds";
  return {
    within: [pg(subject).database(age, 5)],
    unmeasured: [pg(subject).server("up", 0), pg(subject).other(age, 5)],
  };
}

export function datastoreSizeHigh(subject: Subject): Proof {
  const [most] = thresholds(subject.rule.expr) as [number];
  const { kind, size } = datastoreOf(subject);
  if (Math.abs(most / bytes(size.value) - 0.9) > 0.001) throw new Error(`${most} is not 90% of ${size.value}`);
  const held = (value: number) =>
    kind === "redis"
      ? [exported("redis_memory_used_bytes", datastoreOf(subject).at, {}, value)]
      : [pg(subject).database("database_size_bytes", value), pg(subject).other("database_size_bytes", 2 * most)];
  return { ...datastoreProof, beyond: held(1.1 * most), within: held(0.9 * most) };
}

export function databaseConnectionsHigh(subject: Subject): Proof {
  const [most] = thresholds(subject.rule.expr) as [number];
  const MAXIMUM = 1000;
  const used = (share: number) => [
    pg(subject).server("settings_max_connections", MAXIMUM),
    ...["active", "idle"].map((state) =>
      pg(subject).database("stat_activity_count", (share * MAXIMUM) / 2, { state, usename: "web" }),
    ),
  ];
  return { ...datastoreProof, beyond: used(1.1 * most), within: used(0.9 * most) };
}

export function databaseDeadRowsHigh(subject: Subject): Proof {
  const [share, least] = thresholds(subject.rule.expr) as [number, number];
  const table = (dead: number, live: number) =>
    Object.entries({ dead, live }).map(([which, value]) =>
      pg(subject).database(`stat_user_tables_n_${which}_tup`, value, { schemaname: "public", relname: "orders" }),
    );
  return {
    ...datastoreProof,
    beyond: table(1.1 * least, least / share),
    within: table(0.9 * least, (0.9 * least) / (1.1 * share)),
    cases: {
      "they are few of a large table": { metrics: table(100 * least, (100 * least) / (0.9 * share)), fires: false },
      "a large table has as many as live rows": { metrics: table(1e9, 1e9), fires: true },
    },
  };
}

export function transactionIdsLow(subject: Subject): Proof {
  const [most] = thresholds(subject.rule.expr) as [number];
  const age = (value: number) => [pg(subject).database("database_wraparound_age_datfrozenxid_seconds", value)];
  return { ...datastoreProof, beyond: age(1.1 * most), within: age(0.9 * most) };
}

export function replicationLagHigh(subject: Subject): Proof {
  const [most] = thresholds(subject.rule.expr) as [number];
  const replica = (lag: number, isReplica = 1, replayed = true) => [
    pg(subject).server("replication_lag_seconds", lag),
    pg(subject).server("replication_is_replica", isReplica),
    ...(replayed ? [pg(subject).server("replication_last_replay_seconds", lag)] : []),
  ];
  return {
    ...datastoreProof,
    beyond: replica(1.1 * most),
    within: replica(0.9 * most),
    cases: {
      "it is a primary": { metrics: replica(2 * most, 0), fires: false },
      "its exporter does not know an idle primary": { metrics: replica(2 * most, 1, false), fires: false },
    },
  };
}

const redis = (subject: Subject, name: string, value: Metric["value"]) =>
  exported(`redis_${name}`, datastoreOf<Redis>(subject).at, {}, value);

export function cacheMemoryHigh(subject: Subject): Proof {
  const [most] = thresholds(subject.rule.expr) as [number];
  const MAXIMUM = 2 ** 30;
  const used = (share: number, maximum = MAXIMUM) => [
    redis(subject, "memory_used_bytes", share * MAXIMUM),
    redis(subject, "memory_max_bytes", maximum),
  ];
  return {
    ...datastoreProof,
    beyond: used(1.1 * most),
    within: used(0.9 * most),
    cases: { "its memory has no limit": { metrics: used(2, 0), fires: false } },
  };
}

export function cacheEvicting(subject: Subject): Proof {
  const evicted = (perSecond: number) => [
    counted("redis_evicted_keys_total", datastoreOf<Redis>(subject).at, {}, perSecond),
  ];
  return { ...datastoreProof, after: 1, beyond: evicted(0.1), within: evicted(0) };
}

export function cacheFragmented(subject: Subject): Proof {
  const [ratio, least] = thresholds(subject.rule.expr) as [number, number];
  const memory = (used: number, fragmentation: number) => [
    redis(subject, "memory_used_bytes", used),
    redis(subject, "mem_fragmentation_ratio", fragmentation),
  ];
  return {
    ...datastoreProof,
    beyond: memory(1.1 * least, 1.1 * ratio),
    within: memory(0.9 * least, 1.1 * ratio),
    cases: { "it is not fragmented": { metrics: memory(2 * least, 0.9 * ratio), fires: false } },
  };
}
