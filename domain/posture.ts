import { checksOf } from "./alerting/checks.ts";
import { type WatchingAlert, watchingAlerts } from "./alerting/watching.ts";
import { type ContinuouslyBackedUp, continuouslyBackedUp } from "./backup/continuousAlerts.ts";
import { kindOf } from "./backup/datastores/kinds.ts";
import { manifestsPrefix } from "./backup/layout.ts";
import { worstCaseLoss } from "./backup/promises.ts";
import { SHRINK } from "./backup/suspect.ts";
import { shownTransferTime } from "./backup/throughput.ts";
import { shownKeep } from "./backup/tiers.ts";
import { bucketName, existingBucket } from "./bucket/bucket.ts";
import type { Datastore } from "./declaration/datastore.ts";
import { datastoreOf, keptRecoveryPoint, namespaceOf } from "./declaration/datastoreOf.ts";
import type { OwnJob } from "./declaration/ownJob.ts";
import type { Backup, Service } from "./declaration/service.ts";
import type { Recurrence } from "./declaration/window.ts";
import type { Environment } from "./environment/environment.ts";
import { channelsFor } from "./routing/routes.ts";
import { timeToPage } from "./routing/timeToPage.ts";
import { formatSeconds, seconds } from "./values/duration.ts";
import type { Percent } from "./values/percent.ts";
import { type Channel, type Severity, severities } from "./values/severity.ts";
import type { Sourced } from "./values/sourced.ts";

/** Version of the posture's shape: it changes when a field's meaning changes or a field is removed. docs/posture.md describes each. */
export const POSTURE_VERSION = 1;

/** `guide`, or `assumed` if the guide gives no value. */
export type Source = "guide" | "assumed";

export interface Objective {
  /** What is promised, such as `26h`. */
  promised: string;
  source: Source;
  /** What keeps it, in words. */
  keptBy: string;
}

export interface BackupPosture {
  datastore: string;
  kind: Datastore["kind"];
  /** The CronJob, as namespace/name. */
  job: string;
  schedule: string;
  source: Source;
  /** How long an attempt takes at the declared size, as a sum; absent without a declared size. */
  takes?: { sum: string; within: string; source: Source };
  /** The worst-case loss while runs go as declared, including the failed runs that it survives. */
  worstCaseLoss: string;
  /** Its own recovery point, if the datastore or the backup declares one. */
  recoveryPoint?: { promised: string; source: Source };
  /** The margin of that to the recovery point. */
  margin: string;
  keep: string;
  /** By how much a run may be smaller than the last good one before it is suspect. */
  shrink: Percent;
  /** The accepted suspect run, if any. */
  accepts?: string;
  /** The drill, as namespace/name with its schedule, or why there is no drill. */
  drill: string;
  /** S3 URL of its manifests. */
  manifests: string;
}

export interface ContinuousPosture {
  datastore: string;
  by: string;
  /** The most data, as time, that it can lose. */
  within: string;
  source: Source;
  /** The highest age of its newest base backup; absent if nothing monitors it. */
  baseBackupWithin?: string;
  /** The CronJob of its drill, as namespace/name; otherwise why there is no drill. */
  drill: string;
}

export interface JobPosture {
  /** The CronJob, as namespace/name. */
  job: string;
  /** Its schedule, or that only a person starts it. */
  runs: string;
  /** Of the schedule. */
  source?: Source;
  /** The window in which each run starts and ends. */
  window?: string;
}

export interface AlertPosture {
  alert: string;
  severity: Severity;
  /** Time to page; undefined if the alert notifies no one. */
  toldWithin?: string;
}

export interface ServicePosture {
  name: string;
  namespace: string;
  team: string;
  recoveryPoint: Objective;
  recoveryTime: Objective;
  /** Present if promised. */
  availability?: Objective;
  errorRate?: Objective;
  latency: (Objective & { percentile: number })[];
  backups: BackupPosture[];
  /** Datastores with continuous backup by their operator. */
  continuous: ContinuousPosture[];
  /** Datastores without a backup, and why. */
  unprotected: { datastore: string; reason: string }[];
  /** The CronJob that checks the datastores, as namespace/name. */
  monitor?: { job: string; schedule: string; source: Source };
  /** Jobs in the service's own images; absent if it declares none. */
  jobs?: JobPosture[];
  /** Checked addresses, by endpoint. */
  endpoints: Record<string, string[]>;
  alerts: AlertPosture[];
  /** Channels that are notified in this environment, by severity. */
  told: Record<Severity, Channel[]>;
  autoscalers: { workload: string; min: number; max: number; cpu: string }[];
  /** Windows in which warnings notify no one. */
  windows: { name: string; opens: string; lasts: string; source: Source }[];
}

/** Each service's promises, their origin, and what keeps them. */
export interface Posture {
  version: typeof POSTURE_VERSION;
  environment: string;
  services: ServicePosture[];
}

/** @param services as they are in the environment */
export function posture(environment: Environment, services: Service[]): Posture {
  return {
    version: POSTURE_VERSION,
    environment: environment.name,
    services: services.map((service) => servicePosture(environment, service)),
  };
}

function servicePosture(environment: Environment, service: Service): ServicePosture {
  const { name, namespace, owner, objectives, datastores, monitor } = service;
  const { availability, errorRate } = objectives;
  const told = Object.fromEntries(
    severities.map((severity) => [severity, channelsFor(environment, service, severity)]),
  ) as Record<Severity, Channel[]>;
  return {
    name,
    namespace,
    team: owner.team,
    recoveryPoint: objective(objectives.recoveryPoint, recoveryPointKeeper(service)),
    recoveryTime: objective(objectives.recoveryTime, recoveryTimeKeeper(service)),
    ...(availability && { availability: objective(availability, "error budget alerts over 30 days") }),
    ...(errorRate && { errorRate: objective(errorRate.below, `alert after ${errorRate.for.value}`) }),
    latency: (objectives.latency ?? []).map(({ percentile, below, for: wait }) => ({
      percentile,
      ...objective(below, `alert after ${wait.value}`),
    })),
    backups: service.backups.flatMap((backup) => backupPosture(environment, service, backup)),
    continuous: continuouslyBackedUp(service).map((one) => continuousPosture(service, one)),
    unprotected: datastores.flatMap(({ name: datastore, unprotected: reason }) =>
      reason ? [{ datastore, reason }] : [],
    ),
    ...(monitor &&
      // Without checks there is no such job: Probes check the endpoints.
      checksOf(service, environment).length > 0 && {
        monitor: {
          job: `${namespace}/${monitor.job}`,
          schedule: monitor.schedule.value,
          source: source(monitor.schedule),
        },
      }),
    ...(service.ownJobs?.length && { jobs: service.ownJobs.map((job) => jobPosture(namespace, job)) }),
    endpoints: Object.fromEntries(service.endpoints.map((endpoint) => [endpoint.name, endpoint.urls])),
    alerts: watchingAlerts(service, environment).map((alert) => alertPosture(environment, alert, told)),
    told,
    autoscalers: service.workloads.flatMap(({ name: workload, autoscale }) =>
      autoscale ? [{ workload, min: autoscale.min.value, max: autoscale.max.value, cpu: autoscale.cpu.value }] : [],
    ),
    windows: service.windows.map((window) => ({
      name: window.name,
      opens: `${recurrence(window.on)} at ${window.at.value} ${window.timeZone}`,
      lasts: window.lasts.value,
      source: source(window.at),
    })),
  };
}

function objective(value: Sourced<string>, keptBy: string): Objective {
  return { promised: value.value, source: source(value), keptBy };
}

function source({ assumed }: Sourced<unknown>): Source {
  return assumed ? "assumed" : "guide";
}

function recoveryPointKeeper(service: Service): string {
  // Those that promise something of their own say it themselves.
  const backups = service.backups.filter((backup) => !ownPromise(service, backup));
  const continuous = continuouslyBackedUp(service)
    .filter(({ datastore }) => !datastore.recoveryPoint)
    .map(({ continuous: { within } }) => seconds(within.value));
  const keepers = [
    ...(backups.length > 0
      ? [
          `backups that lose at most ${formatSeconds(Math.max(...backups.map((backup) => worstCaseLoss(service, backup))))}`,
        ]
      : []),
    ...(continuous.length > 0
      ? [`continuous backups that lose at most ${formatSeconds(Math.max(...continuous))}`]
      : []),
  ];
  if (keepers.length > 0) return keepers.join(", ");
  return service.backups.length > 0
    ? "nothing: each backup has a recovery point of its own"
    : "nothing: there is no backup";
}

/** The recovery point of a backup alone. */
function ownPromise(service: Service, backup: Backup) {
  return backup.secondary ?? datastoreOf(service, backup)?.recoveryPoint;
}

function recoveryTimeKeeper({ backups }: Service): string {
  const drilled = backups.filter(({ drill }) => drill).map(({ datastore }) => datastore);
  return drilled.length > 0
    ? `drills of ${drilled.join(", ")}, which end when it is over`
    : "nothing: no restore is rehearsed";
}

function continuousPosture(service: Service, { datastore, continuous }: ContinuouslyBackedUp): ContinuousPosture {
  const { by, within, measures, drill, undrilled } = continuous;
  const base = measures.find(({ what }) => what === "base backup");
  return {
    datastore: datastore.name,
    by,
    within: within.value,
    source: source(within),
    ...(base && { baseBackupWithin: base.within.value }),
    drill: drill ? `${namespaceOf(service, datastore)}/${drill.job}, every ${drill.every.value}` : `none: ${undrilled}`,
  };
}

/** How long an attempt takes, if it reads a datastore in full whose size is declared. */
function takes(datastore: Datastore, { deadline }: Backup): Pick<BackupPosture, "takes"> {
  const transfer = kindOf(datastore).reads(datastore);
  if (!transfer) return {};
  const assumed = transfer.size.assumed || transfer.throughput.assumed;
  return { takes: { sum: shownTransferTime(transfer), within: deadline, source: assumed ? "assumed" : "guide" } };
}

function backupPosture(environment: Environment, service: Service, backup: Backup): BackupPosture[] {
  const datastore = datastoreOf(service, backup);
  if (!datastore) return [];
  const namespace = namespaceOf(service, datastore);
  const loss = worstCaseLoss(service, backup);
  const own = ownPromise(service, backup);
  return [
    {
      datastore: backup.datastore,
      kind: datastore.kind,
      job: `${namespace}/${backup.job}`,
      schedule: backup.schedule.value,
      source: source(backup.schedule),
      ...takes(datastore, backup),
      worstCaseLoss: formatSeconds(loss),
      ...(own && { recoveryPoint: { promised: own.value, source: source(own) } }),
      margin: formatSeconds(seconds(keptRecoveryPoint(service, backup).value) - loss),
      keep: existingBucket(service.name, environment)
        ? `${shownKeep(backup.keep)}, if its bucket's own lifecycle does`
        : shownKeep(backup.keep),
      shrink: backup.shrink ?? SHRINK,
      ...(backup.accepts && { accepts: backup.accepts }),
      drill: backup.drill
        ? `${namespace}/${backup.drill.job} at "${backup.drill.schedule.value}"`
        : `none: ${backup.undrilled}`,
      manifests: `s3://${bucketName(service.name, environment)}/${manifestsPrefix(backup)}`,
    },
  ];
}

function jobPosture(namespace: string, { name, runs }: OwnJob): JobPosture {
  const job = `${namespace}/${name}`;
  if (!runs) return { job, runs: "when a person starts it" };
  const { schedule, window } = runs;
  return { job, runs: schedule.value, source: source(schedule), ...(window !== undefined && { window }) };
}

function alertPosture(
  environment: Environment,
  { rule, intervals }: WatchingAlert,
  told: Record<Severity, Channel[]>,
): AlertPosture {
  const severity = rule.labels.severity as Severity;
  return {
    alert: rule.alert,
    severity,
    ...(told[severity].length > 0 && { toldWithin: formatSeconds(timeToPage(environment, rule, intervals).total) }),
  };
}

function recurrence(on: Recurrence): string {
  if ("first" in on) return `the first ${on.first} of a month`;
  return `every ${on.every}`;
}
