import type { Server } from "../backup/datastores/kind.ts";
import { kindOf } from "../backup/datastores/kinds.ts";
import { manifestsPrefix } from "../backup/layout.ts";
import { healthyAge } from "../backup/promises.ts";
import type { BucketEnvironment } from "../bucket/bucket.ts";
import { bucketName } from "../bucket/bucket.ts";
import { egressToS3 } from "../bucket/identities.ts";
import { keptRecoveryPoint, namespaceOf } from "../declaration/datastoreOf.ts";
import type { Backup, Monitor, Service } from "../declaration/service.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { worstCaseAge } from "../jobs/maintenanceJob.ts";
import { distinct, type EgressRule, egressToServer, egressToUrl, hostFrom } from "../kubernetes/egress.ts";
import { dashboardUrl, type RuleEnvironment } from "../prometheus/rules.ts";
import { seconds } from "../values/duration.ts";
import type { Severity } from "../values/severity.ts";
import type { ProbeEnvironment } from "./probes.ts";
import { probesOf } from "./probes.ts";

interface Common {
  /** Name of the datastore or the endpoint. */
  name: string;
  /** The checked address, or host:port. */
  instance: string;
  severity: Exclude<Severity, "info">;
}

/** Requests an address, which must answer with a status of 2xx. */
export interface HttpCheck extends Common {
  kind: "http";
  url: string;
}

/** Checks that a server answers, in its own protocol. */
export type ServerCheck = Common & Server;

/** Lists a backup's manifests in S3: how old the newest good one is, and whether a newer one is suspect. */
export interface BackupCheck extends Common {
  kind: "backup";
  bucket: string;
  /** Prefix of the manifests. */
  manifests: string;
  /** The highest age of the newest one, in seconds since its run started, while all runs go as scheduled. */
  maximumAge: number;
  /** For people, such as `26h`. */
  recoveryPoint: string;
}

/** A check that the health monitor makes in each run. */
export type HealthCheck = HttpCheck | ServerCheck | BackupCheck;

/** The input of programs/health/monitor.ts. */
/** The settings that decide which checks the monitor makes. */
export type CheckEnvironment = ProbeEnvironment & BucketEnvironment;

/** The environment's settings for the monitor. */
export type MonitorEnvironment = CheckEnvironment & RuleEnvironment & EnvironmentPart<"monitoring.alertmanagers">;

export interface MonitorConfiguration {
  checks: HealthCheck[];
  /** Labels of each alert, besides those of its check. */
  labels: { service: string; namespace: string; environment: string };
  /** URL of the pages of runbooks/. */
  runbooks: string;
  /** URL of the service's dashboard, if there is one. */
  dashboard?: string;
  /** Each replica of Alertmanager. */
  alertmanagers: string[];
  /** Seconds for which a failed check's alert holds. */
  validFor: number;
  /** Seconds after which a run gives up posting alerts. */
  deadline: number;
}

/**
 * The monitor's checks: whether each datastore answers (MP-073, MP-074), how old each backup in S3 is and, without Probes, each
 * address of each endpoint.
 */
export function checksOf(service: Service, environment: CheckEnvironment): HealthCheck[] {
  const probed = probesOf(service, environment).map(({ endpoint }) => endpoint);
  return [
    ...serversOf(service).map(({ name, namespace, server }): ServerCheck => {
      // The declared name is relative to the datastore's own namespace.
      const host = hostFrom(service.namespace, server.host, namespace);
      return { name, instance: `${host}:${server.port}`, severity: "critical", ...server, host };
    }),
    ...backupChecks(service, environment),
    ...service.endpoints
      .filter((endpoint) => !probed.includes(endpoint))
      .flatMap(({ name, severity, urls }) =>
        urls.map((url): HealthCheck => ({ kind: "http", name, instance: url, severity, url })),
      ),
  ];
}

/** Whether the monitor asks S3 how old backups are. */
export function asksBackups(service: Service): boolean {
  return askedBackups(service).length > 0;
}

function askedBackups({ backups, datastores }: Service): Backup[] {
  return backups.filter(({ datastore }) => datastores.some(({ name }) => name === datastore));
}

function backupChecks(service: Service, environment: BucketEnvironment): BackupCheck[] {
  const bucket = bucketName(service.name, environment);
  return askedBackups(service).map((backup) => {
    const manifests = manifestsPrefix(backup);
    return {
      kind: "backup",
      name: `backup of ${backup.datastore}`,
      instance: `s3://${bucket}/${manifests}`,
      // If S3 does not answer, the backup may still exist.
      severity: "warning",
      bucket,
      manifests,
      maximumAge: healthyAge(service, backup),
      recoveryPoint: keptRecoveryPoint(service, backup).value,
    };
  });
}

/** A checked datastore, with the namespace that its host name is relative to and the networks in which its address is. */
interface CheckedServer {
  name: string;
  namespace: string;
  server: Server;
  network: { network?: string[] };
}

function serversOf(service: Service): CheckedServer[] {
  return service.datastores.flatMap((datastore) => {
    const server = kindOf(datastore).server(datastore);
    if (!server) return [];
    const network = "network" in datastore && datastore.network ? { network: datastore.network } : {};
    return [{ name: datastore.name, namespace: namespaceOf(service, datastore), server, network }];
  });
}

/** What the monitor's pods connect to: the datastores, S3, the endpoints that it checks itself, and Alertmanager. */
export function monitorEgress(
  service: Service,
  environment: CheckEnvironment & EnvironmentPart<"backups.egress" | "backups.identity" | "monitoring.alertmanagers">,
): EgressRule[] {
  const checks = checksOf(service, environment);
  const urls = checks.flatMap((check) => (check.kind === "http" ? [check.url] : []));
  return distinct([
    ...serversOf(service).map(({ namespace, server: { host, port }, network }) =>
      egressToServer({ host, port, ...network }, namespace === service.namespace ? undefined : namespace),
    ),
    ...(asksBackups(service) ? egressToS3(environment) : []),
    ...[...urls, ...environment.monitoring.alertmanagers].flatMap((url) => egressToUrl(url)),
  ]);
}

export function monitorConfiguration(
  service: Service,
  monitor: Monitor,
  environment: MonitorEnvironment,
): MonitorConfiguration {
  const { schedule, startingDeadline, deadline } = monitor;
  const dashboard = dashboardUrl(environment, service.name);
  return {
    checks: checksOf(service, environment),
    labels: { service: service.name, namespace: service.namespace, environment: environment.name },
    runbooks: environment.monitoring.runbooks,
    ...(dashboard && { dashboard }),
    alertmanagers: environment.monitoring.alertmanagers,
    // By then there is a next result, or MaintenanceJobStale fires.
    validFor: worstCaseAge({ schedule: schedule.value, startingDeadline, deadline }),
    // The other half is for scheduling the pod and pulling its image.
    deadline: Math.floor(seconds(deadline) / 2),
  };
}
