import type { Duration, Latency } from "../values/duration.ts";
import type { Percent } from "../values/percent.ts";
import type { Channel, Severity } from "../values/severity.ts";
import type { Sourced } from "../values/sourced.ts";
import type { Datastore } from "./datastore.ts";
import type { Drill } from "./drill.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Keep, Tier } from "./keep.ts";
import type { StorageClass } from "./storageClass.ts";
import type { MaintenanceWindow } from "./window.ts";
import type { Workload } from "./workload.ts";

/** A scheduled backup of one of the service's datastores. */
export interface Backup {
  datastore: string;
  schedule: Sourced<string>;
  /** Name of the CronJob. */
  job: string;
  /** How long a published backup is kept, by tier. */
  keep: Keep;
  /** Where the data of a tier lies after its first day, where that is not S3's standard class. */
  storageClass?: Partial<Record<Tier, StorageClass>>;
  /** Where in the service's bucket its objects lie; ends with a slash. */
  prefix: string;
  /** The longest time after its schedule that a run may still start. */
  startingDeadline: Duration;
  /** The longest time that a run may take, retries included. */
  deadline: Duration;
  /** How many failed runs in a row the recovery point survives; 0 where left out. */
  survives?: number;
  /** How its restore is rehearsed. */
  drill?: Drill;
  /** Why no restore of it is rehearsed. A backup without a drill and without this is refused. */
  undrilled?: string;
  /** By how much a run may be smaller than the last good one before it is suspect; SHRINK where left out. */
  shrink?: Percent;
  /** The name of a suspect run that was found to be right: runs are compared with it until there is a newer good one. */
  accepts?: string;
  /** StorageClass of the volume that each run gets for its scratch; the node's own disk where left out. */
  scratchClass?: string;
}

export function backup(datastore: string, facts: Omit<Backup, "datastore">): Backup {
  return { ...facts, datastore };
}

/** A CronJob that asks what no Probe can: whether each datastore answers. */
export interface Monitor {
  /** Name of the CronJob. */
  job: string;
  schedule: Sourced<string>;
  startingDeadline: Duration;
  deadline: Duration;
}

/** What counts a service's requests and their time, as Prometheus selects it. `$scope` stands for the namespace's matcher. */
export interface Indicators {
  /** Counter of all requests, and the matcher that only failed ones fulfil, such as `status=~"5.."`. */
  requests?: { total: string; failed: string };
  /** Histogram of the time that requests take, in seconds, without `_bucket`. */
  duration?: string;
}

export interface Objectives {
  /**
   * The share of requests, counted over 30 days, that must succeed: those of `indicators.requests`, else the probes of the
   * service's endpoints.
   */
  availability?: Sourced<Percent>;
  /** The share of requests that may fail before somebody is told. */
  errorRate?: { below: Sourced<Percent>; for: Sourced<Duration> };
  latency?: { percentile: number; below: Sourced<Latency>; for: Sourced<Duration>; severity: Severity }[];
  /** The most data, counted in time, that may be lost. */
  recoveryPoint: Sourced<Duration>;
  /** The longest time that a restore may take. */
  recoveryTime: Sourced<Duration>;
}

/** A rule of the service's own, beside those that are derived from its facts. */
export interface Alert {
  /** Also the name of its page in runbooks/. */
  name: string;
  /** PromQL that gives a series for each thing that is wrong; `$scope` stands for the namespace's matcher. */
  expr: string;
  for: Sourced<Duration>;
  severity: Severity;
  /** The guide's number, as people read it, such as `above 5%`. */
  threshold: Sourced<string>;
  summary: string;
  description: string;
}

export function alert(name: string, facts: Omit<Alert, "name">): Alert {
  return { ...facts, name };
}

/** What a service is and what it promises: a guide's facts. Everything that keeps the promises is derived from it. */
export interface Service {
  name: string;
  namespace: string;
  owner: { team: string };
  indicators: Indicators;
  objectives: Objectives;
  workloads: Workload[];
  datastores: Datastore[];
  endpoints: Endpoint[];
  backups: Backup[];
  monitor?: Monitor;
  alerts: Alert[];
  windows: MaintenanceWindow[];
  /** Who is told, by severity. */
  notify: Record<Severity, Channel[]>;
}

/** Gives a declaration its type, so that an editor completes it and the compiler checks it. */
export function defineService(service: Service): Service {
  return service;
}
