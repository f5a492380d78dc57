import { bucketName } from "./bucket.ts";
import { formatSeconds } from "./duration.ts";
import type { Environment } from "./environment.ts";
import { worstCaseLoss } from "./promises.ts";
import type { Service } from "./service.ts";
import type { Sourced } from "./sourced.ts";

/** Version of the posture's shape: it changes when a field's meaning does, or when one goes. */
export const POSTURE_VERSION = 1;

export interface Objective {
  /** What is promised, such as `26h`. */
  promised: string;
  /** `guide`, or `assumed` where the guide says nothing. */
  source: "guide" | "assumed";
}

export interface BackupPosture {
  datastore: string;
  /** The CronJob, as namespace/name. */
  job: string;
  schedule: string;
  /** The most data that the schedule can lose while all goes as declared, the failed runs that it survives counted in. */
  worstCaseLoss: string;
  keep: string;
  /** Where its manifests lie. */
  manifests: string;
}

export interface ServicePosture {
  name: string;
  namespace: string;
  team: string;
  recoveryPoint: Objective;
  recoveryTime: Objective;
  backups: BackupPosture[];
  /** Datastores without a backup, and why. */
  unprotected: { datastore: string; reason: string }[];
}

/** What each service is promised, whether that is the guide's word, and what keeps it. */
export interface Posture {
  version: typeof POSTURE_VERSION;
  environment: string;
  services: ServicePosture[];
}

export function posture(environment: Environment, services: Service[]): Posture {
  return {
    version: POSTURE_VERSION,
    environment: environment.name,
    services: services.map((service) => servicePosture(environment, service)),
  };
}

function servicePosture(environment: Environment, service: Service): ServicePosture {
  const { name, namespace, owner, objectives, backups, datastores } = service;
  return {
    name,
    namespace,
    team: owner.team,
    recoveryPoint: objective(objectives.recoveryPoint),
    recoveryTime: objective(objectives.recoveryTime),
    backups: backups.map((backup) => ({
      datastore: backup.datastore,
      job: `${namespace}/${backup.job}`,
      schedule: backup.schedule.value,
      worstCaseLoss: formatSeconds(worstCaseLoss(backup)),
      keep: backup.keep.value,
      manifests: `s3://${bucketName(name, environment)}/${backup.prefix}manifests/`,
    })),
    unprotected: datastores.flatMap(({ name: datastore, unprotected: reason }) =>
      reason ? [{ datastore, reason }] : [],
    ),
  };
}

function objective({ value, assumed }: Sourced<string>): Objective {
  return { promised: value, source: assumed ? "assumed" : "guide" };
}
