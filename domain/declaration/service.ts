import { z } from "zod";
import { integer, optional, text } from "../values/schema.ts";
import { channels, severities } from "../values/severity.ts";
import { datastoreSchema } from "./datastore.ts";
import { drillSchema } from "./drill.ts";
import { endpointSchema } from "./endpoint.ts";
import { jobPodsSchema } from "./jobPods.ts";
import { keepSchema, tiers } from "./keep.ts";
import { ownJobSchema } from "./ownJob.ts";
import { storageClasses } from "./storageClass.ts";
import {
  cronJobName,
  duration,
  label,
  latency,
  logql,
  matcher,
  namespace,
  objectName,
  percent,
  promql,
  schedule,
  secretName,
  selector,
  sentence,
  sourced,
} from "./texts.ts";
import { windowSchema } from "./window.ts";
import { workloadSchema } from "./workload.ts";

export const backupSchema = z.strictObject({
  datastore: text("the name of a datastore", "main").describe("The datastore that it backs up."),
  schedule: sourced(schedule).describe("When it runs, in UTC."),
  job: cronJobName.describe("Name of the CronJob."),
  keep: keepSchema.describe("How long a published backup is kept, by tier; a missing tier has no backups."),
  storageClass: optional(z.partialRecord(z.enum(tiers), z.enum(storageClasses))).describe(
    "S3's storage class of a tier's data after its first day. Default: the standard class.",
  ),
  // The bucket's rules match by prefix: `database` would also match `database-old/…`.
  prefix: text(
    "names of letters, digits, dots, dashes and underscores, each followed by a slash",
    "database/",
    /^([\w.-]+\/)+$/,
  ).describe("Prefix of its objects in the service's bucket; ends with a slash."),
  startingDeadline: duration.describe("The longest time after its schedule that a run may still start."),
  deadline: duration.describe("The longest time that a run may take, retries included."),
  survives: optional(integer("a whole number of failed runs, 0 or more", 1, 0))
    .describe("How many failed runs in a row the recovery point survives.")
    .meta({ defaults: "0" }),
  secondary: optional(sourced(duration)).describe(
    "The most data, as time, that a restore from it may lose, where the datastore's `continuous` backup keeps the recovery point: a nightly dump beside point-in-time recovery.",
  ),
  drill: optional(drillSchema).describe("The drill of its restore."),
  undrilled: optional(sentence("its data can be generated again")).describe(
    "Why it has no drill. A backup with neither a drill nor this is refused.",
  ),
  shrink: optional(percent)
    .describe(
      "By how much a run may be smaller than the last good one before it is suspect; at 100% no run is suspect.",
    )
    .meta({ defaults: "50%" }),
  // Names of backups: docs/backup-manifest.md.
  accepts: optional(
    text(
      "the name of a suspect run, <start>-<uid of its pod>, as its manifest has it without .json",
      "20261126T020004Z-0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11",
      /^\d{8}T\d{6}Z-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    ).meta({
      fix: 'copy it from the log of the run, such as "20261126T020004Z-0b0f6d2e-5c1b-4e0a-9a55-2f2f6d0f7a11"',
    }),
  ).describe(
    "The name of a suspect run that a person has accepted: runs are compared with it until there is a newer good backup.",
  ),
  scratchClass: optional(
    objectName("a StorageClass", "gp3").meta({ fix: "write for example gp3, as kubectl get storageclasses lists it" }),
  )
    .describe("StorageClass of the volume that each run, each drill and each restore gets for its scratch space.")
    .meta({ defaults: "the node's own disk" }),
  jobs: optional(jobPodsSchema).describe(
    "What is declared about the pods of its backup, drill and restore, over what the service's `jobs` and the stack's `upkeep:jobs` declare.",
  ),
});

/** A scheduled backup of one of the service's datastores. */
export interface Backup extends z.output<typeof backupSchema> {}

export function backup(datastore: string, facts: Omit<Backup, "datastore">): Backup {
  return { ...facts, datastore };
}

export const monitorSchema = z.strictObject({
  job: cronJobName.describe("Name of the CronJob."),
  schedule: sourced(schedule).describe("When it runs, in UTC."),
  startingDeadline: duration.describe("The longest time after its schedule that a run may still start."),
  deadline: duration.describe("The longest time that a run may take, retries included."),
});

/** The health monitor: a CronJob that checks what a Probe cannot, whether each datastore answers. */
export interface Monitor extends z.output<typeof monitorSchema> {}

export const indicatorsSchema = z.strictObject({
  requests: optional(
    z.strictObject({
      total: selector("http_requests_total").describe("Counter of all requests."),
      failed: matcher.describe("The matcher of failed requests."),
    }),
  ).describe(
    "The counter of its requests. Let the service export the series of failed ones from its start, at 0: Prometheus does not count the error with which a series begins, which in pods that live briefly is a third of a small service's errors.",
  ),
  duration: optional(selector("http_request_duration_seconds")).describe(
    "Histogram of the time that requests take, in seconds, without `_bucket`.",
  ),
  histogram: optional(z.enum(["classic", "native"]))
    .describe("Whether that histogram has buckets, which end with `_bucket`, or is a native one without them.")
    .meta({ allowed: "classic or native", defaults: "classic" }),
});

/** The series of a service's requests and their time, as Prometheus selects them. `$scope` is replaced by the namespace's matcher. */
export interface Indicators extends z.output<typeof indicatorsSchema> {}

export const objectivesSchema = z.strictObject({
  availability: optional(sourced(percent)).describe(
    "The share of requests, counted over 30 days, that must succeed: those of `indicators.requests`, else the probes of the service's endpoints.",
  ),
  errorRate: optional(
    z.strictObject({
      below: sourced(percent).describe("The share of requests that may fail."),
      for: sourced(duration).describe("How long a larger share may fail before the alert fires."),
    }),
  ).describe("The share of requests that may fail before an alert fires."),
  latency: optional(
    z.array(
      z.strictObject({
        percentile: z
          .number()
          .gt(0)
          .lt(100)
          .meta({ allowed: "above 0 and below 100", examples: [95] })
          .describe("The percentile of requests."),
        below: sourced(latency).describe("The time in which they are answered."),
        for: sourced(duration).describe("How long requests may be slower before the alert fires."),
        severity: z.enum(severities).describe("Severity of the alert."),
      }),
    ),
  ).describe("How fast requests are answered."),
  recoveryPoint: sourced(duration).describe("The most data, as time, that a failure may lose."),
  recoveryTime: sourced(duration).describe("The longest time that a restore may take."),
});

export interface Objectives extends z.output<typeof objectivesSchema> {}

export const alertSchema = z.strictObject({
  name: text(
    "words joined in CamelCase, which also name its page in runbooks/",
    "DiskUsageHigh",
    /^([A-Z][a-z0-9]+)+$/,
  ).describe("Name of the alert, and of its page in runbooks/."),
  expr: promql("disk_used_ratio{$scope} > 0.9").describe(
    "PromQL that returns one series per problem; `$scope` is replaced by the namespace's matcher.",
  ),
  for: sourced(duration).describe("How long the condition must hold before the alert fires."),
  severity: z.enum(severities).describe("Severity of the alert."),
  threshold: sourced(sentence("above 5%")).describe("The threshold, as people read it."),
  summary: sentence("A disk is nearly full")
    .describe("What is wrong, in a few words.")
    .meta({ fix: "say in a few words what is wrong" }),
  description: sentence("The disk is {{ $value | humanizePercentage }} full; below 90% is right.")
    .describe("What was measured, and what it should be.")
    .meta({ fix: "say what was measured, and what it should be" }),
});

/** A rule of the service's own, besides those that are derived from its declaration. */
export interface Alert extends z.output<typeof alertSchema> {}

export const logAlertSchema = alertSchema.extend({
  expr: logql('sum(count_over_time({$scope} |= "error" [15m])) > 10').describe(
    "LogQL that counts lines and returns one series per problem; `$scope` is replaced by the namespace's matcher.",
  ),
});

/** An alert on lines of the service's logs, which Loki's ruler evaluates. */
export interface LogAlert extends z.output<typeof logAlertSchema> {}

export function logAlert(name: string, facts: Omit<LogAlert, "name">): LogAlert {
  return { ...facts, name };
}

export function alert(name: string, facts: Omit<Alert, "name">): Alert {
  return { ...facts, name };
}

export const rotatedSecretSchema = z.strictObject({
  name: secretName.describe("Name of the Secret."),
  maxAge: sourced(duration).describe(
    "How long after its creation it is to be replaced. To change its data in place does not make it younger.",
  ),
});

const notified = z.array(z.enum(channels)).meta({ examples: [["slack"]] });

/** The whole declaration. */
export const serviceSchema = z.strictObject({
  name: label("shop").describe("Name of the service: part of the names of all resources that are created for it."),
  namespace: namespace.describe("The namespace that it runs in."),
  owner: z
    .strictObject({
      team: text("the name of a team", "shop-operations").describe("The team whose receivers get its alerts."),
    })
    .describe("Its owner."),
  indicators: indicatorsSchema.describe(
    "The series of its requests and their time; `$scope` is replaced by the namespace's matcher.",
  ),
  objectives: objectivesSchema.describe("Its promises."),
  workloads: z.array(workloadSchema).describe("Its workloads, as `deployment(…)`, `statefulSet(…)` or `daemonSet(…)`."),
  datastores: z
    .array(datastoreSchema)
    .describe("Its datastores, as `postgres(…)`, `redis(…)`, `configuration(…)`, `grafana(…)` or `volume(…)`."),
  secrets: optional(z.array(rotatedSecretSchema)).describe(
    "Secrets of its namespace that are to be rotated: an alert fires when one is too old. Nothing reads them.",
  ),
  endpoints: z.array(endpointSchema).describe("The addresses at which it answers, as `endpoint(…)`."),
  backups: z.array(backupSchema).describe("Its backups, as `backup(…)`."),
  monitor: optional(monitorSchema).describe(
    "The health monitor: the CronJob that checks what a Probe cannot, whether each datastore answers.",
  ),
  ownJobs: optional(z.array(ownJobSchema)).describe("Jobs of its own, each in its own image, as `job(…)`."),
  jobs: optional(jobPodsSchema).describe(
    "What is declared about the pods of its jobs, over what the stack's `upkeep:jobs` declares: maps key by key, lists as a whole.",
  ),
  alerts: z.array(alertSchema).describe("Alerts of its own, as `alert(…)`, besides those that are derived."),
  logAlerts: optional(z.array(logAlertSchema)).describe(
    "Alerts on lines of its logs, as `logAlert(…)`, where the cluster has Loki (`upkeep:features.loki`).",
  ),
  windows: z.array(windowSchema).describe("Its maintenance windows, as `maintenanceWindow(…)`."),
  notify: z
    .strictObject({
      critical: notified.describe("Channels of critical alerts."),
      warning: notified.describe("Channels of warnings."),
      info: notified.describe("Channels of infos."),
    })
    .describe("The channels that are notified, by severity."),
});

/** What a service is and what it promises: a guide's facts. Everything that keeps the promises is derived from them. */
export interface Service extends z.output<typeof serviceSchema> {}

/** Gives a declaration its type, so that an editor completes it and the compiler checks it. */
export function defineService(service: Service): Service {
  return service;
}
