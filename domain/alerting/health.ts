import { duplicates, healthyAge } from "../backup/promises.ts";
import { manifestsPrefix } from "../backup/tiers.ts";
import { bucketName } from "../bucket/bucket.ts";
import type { Endpoint } from "../declaration/endpoint.ts";
import type { Monitor, Service } from "../declaration/service.ts";
import type { Environment } from "../environment/environment.ts";
import { jobFaults, worstCaseAge } from "../jobs/maintenanceJob.ts";
import { seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { durationFaults } from "../values/readable.ts";
import type { Severity } from "../values/severity.ts";

interface Common {
  /** Of the datastore or the endpoint. */
  name: string;
  /** What exactly is asked: an address, or host:port. */
  instance: string;
  severity: Exclude<Severity, "info">;
}

/** Asks for an address, which must answer with a status of 2xx. */
export interface HttpCheck extends Common {
  kind: "http";
  url: string;
}

/** Asks whether a PostgreSQL server accepts connections. No password is sent. */
export interface PostgresCheck extends Common {
  kind: "postgres";
  host: string;
  port: number;
  database: string;
}

/** Asks a Redis server PING. No password is sent. */
export interface RedisCheck extends Common {
  kind: "redis";
  host: string;
  port: number;
}

export type ServerCheck = PostgresCheck | RedisCheck;

/** Lists a backup's manifests in S3: how old the newest good one is, and whether a newer one is suspect. */
export interface BackupCheck extends Common {
  kind: "backup";
  bucket: string;
  /** Prefix of its manifests. */
  manifests: string;
  /** Seconds that can pass, while all goes as scheduled, since the start of the run that made the newest one. */
  maximumAge: number;
  /** For people, such as `26h`. */
  recoveryPoint: string;
}

/** A question that the health monitor asks in each of its runs. */
export type Check = HttpCheck | ServerCheck | BackupCheck;

/** All that programs/health/monitor.ts is told. */
export interface MonitorConfiguration {
  checks: Check[];
  /** Labels of each alert, beside those of its check. */
  labels: { service: string; namespace: string; environment: string };
  /** Where the pages of runbooks/ can be read. */
  runbooks: string;
  /** Each replica of Alertmanager. */
  alertmanagers: string[];
  /** Seconds for which a failed check's alert holds. */
  validFor: number;
  /** Seconds after which a run gives up telling anybody. */
  deadline: number;
}

/** What blackbox exporter asks for, all the time. */
export interface ProbeFacts {
  endpoint: Endpoint;
  /** Name of the Probe. */
  name: string;
  /** The label `job` of the series that it makes. */
  jobName: string;
}

/** The label `job` of an endpoint's probe series. */
export function probeJob(service: string, endpoint: string): string {
  return `upkeep/${service}/${endpoint}`;
}

/** A Probe per endpoint, where prometheus-operator reads Probes and an exporter answers them; else the monitor asks the endpoints. */
export function probesOf({ name, endpoints }: Service, { features }: Environment): ProbeFacts[] {
  if (!features.prometheusOperator || features.blackboxExporter === undefined) return [];
  return endpoints.map((endpoint) => ({
    endpoint,
    name: `${name}-${endpoint.name}`,
    jobName: probeJob(name, endpoint.name),
  }));
}

/**
 * What the monitor asks: whether each datastore answers (MP-073, MP-074), how old each backup in S3 is and, where no Probe does, each
 * address of each endpoint.
 */
export function checksOf(service: Service, environment: Environment): Check[] {
  const probed = probesOf(service, environment).map(({ endpoint }) => endpoint);
  return [
    ...service.datastores.flatMap((datastore): Check[] => {
      if (datastore.kind !== "postgres" && datastore.kind !== "redis") return [];
      const { name, port } = datastore;
      const host = hostFrom(service.namespace, datastore);
      const common = { name, instance: `${host}:${port}`, severity: "critical", host, port } as const;
      return [
        datastore.kind === "postgres"
          ? { ...common, kind: "postgres", database: datastore.database }
          : { ...common, kind: "redis" },
      ];
    }),
    ...backupChecks(service, environment),
    ...service.endpoints
      .filter((endpoint) => !probed.includes(endpoint))
      .flatMap(({ name, severity, urls }) =>
        urls.map((url): Check => ({ kind: "http", name, instance: url, severity, url })),
      ),
  ];
}

function backupChecks(service: Service, environment: Environment): BackupCheck[] {
  const bucket = bucketName(service.name, environment);
  return service.backups
    .filter(({ datastore }) => service.datastores.some(({ name }) => name === datastore))
    .map((backup) => {
      const manifests = manifestsPrefix(backup);
      return {
        kind: "backup",
        name: `backup of ${backup.datastore}`,
        instance: `s3://${bucket}/${manifests}`,
        // That S3 does not answer is not yet a backup that is missing.
        severity: "warning",
        bucket,
        manifests,
        maximumAge: healthyAge(backup),
        recoveryPoint: service.objectives.recoveryPoint.value,
      };
    });
}

/** A host's name as pods of the monitor's namespace resolve it: the declared one holds in the datastore's own namespace. */
function hostFrom(monitor: string, { host, namespace = monitor }: { host: string; namespace?: string }): string {
  return namespace === monitor || host.includes(".") ? host : `${host}.${namespace}.svc`;
}

export function monitorConfiguration(
  service: Service,
  monitor: Monitor,
  environment: Environment,
): MonitorConfiguration {
  const { schedule, startingDeadline, deadline } = monitor;
  return {
    checks: checksOf(service, environment),
    labels: { service: service.name, namespace: service.namespace, environment: environment.name },
    runbooks: environment.monitoring.runbooks,
    alertmanagers: environment.monitoring.alertmanagers,
    // The next result is there by then, or MaintenanceJobStale says why not.
    validFor: worstCaseAge({ schedule: schedule.value, startingDeadline, deadline }),
    // The other half is for the pod to be scheduled and its image to be pulled.
    deadline: Math.floor(seconds(deadline) / 2),
  };
}

/**
 * How loud it is when the monitor itself stops. Where Probes watch what wakes somebody anyway, a dead datastore still shows in what
 * users see; where nothing but the monitor would tell, its silence is as bad as what it no longer sees.
 */
export function monitorSeverity(service: Service, environment: Environment): "warning" | "critical" {
  return probesOf(service, environment).some(({ endpoint }) => endpoint.severity === "critical")
    ? "warning"
    : "critical";
}

/** Below this a run may be over its deadline before it has asked everything twice and told everybody. */
const SHORTEST_DEADLINE = 60;

/** What keeps a service's health from being watched as declared. */
export function healthFaults(service: Service, environment: Environment): Fault[] {
  const { endpoints, monitor, backups } = service;
  const faults = [
    ...duplicates(
      "endpoints",
      endpoints.map(({ name }) => name),
    ),
    ...endpoints.flatMap(endpointFaults),
  ];
  const asked = [...new Set(checksOf(service, environment).map(({ name }) => `"${name}"`))];
  if (monitor === undefined) {
    if (asked.length === 0) return faults;
    return [
      ...faults,
      {
        path: "monitor",
        got: undefined,
        allowed: `a monitor, for nothing else asks ${asked.join(", ")} in environment "${environment.name}"`,
        fix: 'declare for example monitor: { job: "<service>-health-monitor", schedule: assumed("*/5 * * * *"), startingDeadline: "2m", deadline: "4m" }',
      },
    ];
  }
  const times = jobFaults({ ...monitor, name: monitor.job, schedule: monitor.schedule.value });
  if (times.length === 0 && seconds(monitor.deadline) < SHORTEST_DEADLINE) {
    times.push({
      path: "deadline",
      got: monitor.deadline,
      allowed: `${SHORTEST_DEADLINE}s or more, in which a pod starts, asks everything twice and tells everybody`,
      fix: "lengthen it",
    });
  }
  if (backups.some(({ job }) => job === monitor.job)) {
    const allowed = "a name that no backup has";
    times.push({ path: "job", got: `"${monitor.job}"`, allowed, fix: "rename the monitor's job" });
  }
  return [
    ...faults,
    ...times.map((fault) => ({ ...fault, path: `monitor.${fault.path === "name" ? "job" : fault.path}` })),
  ];
}

function endpointFaults({ name, urls, for: wait }: Endpoint, index: number): Fault[] {
  const path = `endpoints[${index}]`;
  const faults = [
    ...duplicates(`${path}.urls`, urls.filter(isPlainAddress)),
    ...durationFaults(`${path}.for`, wait.value),
  ];
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    const allowed = "lower-case letters, digits and dashes";
    faults.push({ path: `${path}.name`, got: `"${name}"`, allowed, fix: "give it a plain name" });
  }
  if (urls.length === 0) {
    const fix = "name an address, or remove the endpoint";
    faults.push({ path: `${path}.urls`, got: "empty", allowed: "at least one address", fix });
  }
  urls.forEach((url, position) => {
    if (isPlainAddress(url)) return;
    faults.push({
      path: `${path}.urls[${position}]`,
      // Not quoted: it may hold a password.
      got: `${url.length} characters that are not such an address`,
      allowed: "an http or https address without a user",
      fix: 'write for example "https://api.example.com/health"',
    });
  });
  return faults;
}

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ["http:", "https:"].includes(protocol) && username === "" && password === "";
}
