import type { Continuous, Measure } from "../declaration/continuous.ts";
import type { Datastore } from "../declaration/datastore.ts";
import { namespaceOf, type PromisedRecovery, recoveryPointOf } from "../declaration/datastoreOf.ts";
import type { Service } from "../declaration/service.ts";
import { jobAlerts } from "../jobs/jobAlerts.ts";
import { STALE_FOR } from "../jobs/maintenanceJob.ts";
import type { AlertFacts, AlertRule, RuleEnvironment } from "../prometheus/rules.ts";
import { seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { kindOf } from "./datastores/kinds.ts";

/** A datastore with a continuous backup, which its own operator makes. */
export interface ContinuouslyBackedUp {
  datastore: Datastore;
  continuous: Continuous;
}

export function continuouslyBackedUp({ datastores }: Pick<Service, "datastores">): ContinuouslyBackedUp[] {
  return datastores.flatMap((datastore) => {
    const continuous = kindOf(datastore).continuous(datastore);
    return continuous ? [{ datastore, continuous }] : [];
  });
}

/** Alerts on the age that continuous backups export as a metric. A job that restores from one has jobAlerts. */
export function continuousAlerts(service: Pick<Service, "name" | "namespace" | "datastores">): AlertFacts[] {
  return continuouslyBackedUp(service).flatMap(({ datastore, continuous }) =>
    continuous.measures.flatMap((measure) => {
      const { name } = datastore;
      const labels = { datastore: name, measure: measure.what.replace(" ", "-") };
      const age = ageOf(service, datastore, measure);
      return [stale(continuous, name, measure, age, labels), missing(continuous, name, measure, age, labels)];
    }),
  );
}

/** PromQL of a measured age in seconds. */
export function ageOf(
  service: Pick<Service, "namespace">,
  datastore: Datastore,
  { age }: Pick<Measure, "age">,
): string {
  return age.replaceAll("$scope", `namespace="${namespaceOf(service, datastore)}"`);
}

/** Alerts on the jobs that restore from continuous backups. The database's owner deploys these jobs, not Upkeep. */
export function continuousDrillAlerts(
  service: Pick<Service, "name" | "namespace" | "datastores">,
  environment: RuleEnvironment,
): AlertRule[] {
  return continuouslyBackedUp(service).flatMap(({ datastore, continuous: { drill } }) => {
    if (!drill) return [];
    const staleAfter = seconds(drill.every.value);
    return jobAlerts({
      service: service.name,
      namespace: namespaceOf(service, datastore),
      job: drill.job,
      staleAfter,
      severity: "warning",
      environment,
    });
  });
}

type Labels = Record<string, string>;

function stale({ by }: Continuous, datastore: string, { what, within }: Measure, age: string, labels: Labels) {
  return {
    name: "ContinuousBackupStale",
    expr: `${age} > ${seconds(within.value)}`,
    for: STALE_FOR,
    // What is not archived is lost with the server; an old base backup only makes a restore longer.
    severity: what === "archive" ? ("critical" as const) : ("warning" as const),
    labels,
    summary: `The ${what} of ${datastore} is older than ${within.value}`,
    description: `The newest ${what} that ${by} has of ${datastore} is {{ $value | humanizeDuration }} old; it may be ${within.value}.`,
  };
}

function missing({ by }: Continuous, datastore: string, { what }: Measure, age: string, labels: Labels) {
  return {
    name: "ContinuousBackupMissing",
    expr: `absent(${age})`,
    for: "15m",
    severity: "critical" as const,
    labels,
    summary: `The age of the ${what} of ${datastore} is unknown`,
    description: `No series says how old the newest ${what} is that ${by} has of ${datastore}: there never was one, or its exporter is not scraped.`,
  };
}

/** Faults of continuous backups whose alert would fire only after the recovery point is missed. */
export function continuousFaults(service: Pick<Service, "datastores"> & PromisedRecovery): Fault[] {
  return continuouslyBackedUp(service).flatMap(({ datastore, continuous }) => {
    const recoveryPoint = recoveryPointOf(service, datastore);
    const path = `datastores "${datastore.name}" continuous`;
    const alertedAfter = seconds(continuous.within.value) + seconds(STALE_FOR);
    if (alertedAfter < seconds(recoveryPoint.value)) return [];
    return [
      {
        code: "alert-after-recovery-point",
        path: `${path}.within`,
        got: `${continuous.within.value}, and the alert on it fires only ${STALE_FOR} later`,
        allowed: `together less than the recovery point of ${recoveryPoint.value}`,
        fix: "let the operator archive more often and declare that, or promise a longer recovery point",
      },
    ];
  });
}
