import { serviceAlertFaults } from "./alerting/alertFaults.ts";
import { healthFaults } from "./alerting/healthFaults.ts";
import { logAlertFaults } from "./alerting/logAlerts.ts";
import { objectiveFaults } from "./alerting/objectiveFaults.ts";
import { backupFaultsIn } from "./backup/backupFaults.ts";
import { drillFaults, jobsOfDrills } from "./backup/drill.ts";
import { servicePodsFaults } from "./backup/jobPods.ts";
import { backupJobFaults, serviceFaults } from "./backup/promises.ts";
import { retentionFaults } from "./backup/retentionFaults.ts";
import { bucketNameFaults } from "./bucket/bucket.ts";
import { datastoreOf, namespaceOf } from "./declaration/datastoreOf.ts";
import { shapeFaults } from "./declaration/parse.ts";
import type { Service } from "./declaration/service.ts";
import type { Environment } from "./environment/environment.ts";
import { ownJobFaults } from "./jobs/ownJobs.ts";
import { serviceRouteFaults } from "./routing/routeFaults.ts";
import { autoscaleFaults } from "./scaling/autoscale.ts";
import { repeated } from "./values/duplicates.ts";
import type { Fault } from "./values/fault.ts";

/**
 * All faults of one service in an environment. Faults of its schema come first; only a declaration that has none is checked further.
 *
 * @param service with the environment's overrides
 */
export function declarationFaults(service: Service, environment: Environment): Fault[] {
  const shape = shapeFaults(service);
  return shape.length > 0 ? shape : promiseFaults(service, environment);
}

function promiseFaults(service: Service, environment: Environment): Fault[] {
  const jobs = service.backups.flatMap((backup, index) => backupJobFaults(backup, `backups[${index}]`));
  return [
    ...jobs,
    // Promises depend on valid jobs.
    ...(jobs.length > 0
      ? []
      : [
          ...serviceFaults(service),
          ...drillFaults(service),
          ...retentionFaults(service),
          ...healthFaults(service, environment),
        ]),
    ...bucketNameFaults(service, environment),
    ...objectiveFaults(service, environment),
    ...serviceAlertFaults(service, environment),
    ...logAlertFaults(service, environment),
    ...autoscaleFaults(service, environment),
    ...backupFaultsIn(service, environment),
    ...servicePodsFaults(service, environment),
    ...ownJobFaults(service, environment),
    ...serviceRouteFaults(environment, service),
  ];
}

/** Faults of services that are both maintained and retired. */
export function maintainedAndRetiredFaults({ name, services, retired }: Environment): Fault[] {
  return retired
    .filter((service) => services.includes(service))
    .map((service) => ({
      code: "service-maintained-and-retired",
      path: `upkeep:retired in Pulumi.${name}.yaml`,
      got: `"${service}", which is in upkeep:services too`,
      allowed: "each service in one of the two",
      fix: "take it out of one",
    }));
}

/** Fault of a stack that names no service at all. Its last one may be retired: its bucket stays. */
export function withoutServicesFaults({ name, services, retired }: Environment): Fault[] {
  if (services.length + retired.length > 0) return [];
  return [
    {
      code: "no-service",
      path: `upkeep:services in Pulumi.${name}.yaml`,
      got: "an empty list",
      allowed: "at least one service, here or in upkeep:retired",
      fix: `pulumi config set --path 'upkeep:services[0]' <service> --stack ${name}`,
    },
  ];
}

/** Faults of names that several services share. */
export function sharedNameFaults(services: Service[]): Fault[] {
  const jobs = services.flatMap((service) => [
    ...service.backups.flatMap((backup) => {
      const namespace = namespaceOf(service, datastoreOf(service, backup) ?? {});
      return [backup.job, ...jobsOfDrills(service, backup)].map((job) => `${namespace}/${job}`);
    }),
    ...(service.monitor ? [`${service.namespace}/${service.monitor.job}`] : []),
    ...(service.ownJobs ?? []).map(({ name }) => `${service.namespace}/${name}`),
  ]);
  const names = services.map(({ name }) => name);
  return Object.entries({ "a service": names, "a CronJob": jobs }).flatMap(([path, all]) =>
    repeated(all).map((name) => ({
      code: "name-shared",
      path,
      got: `"${name}", declared more than once`,
      allowed: "each name once",
      fix: "rename one",
    })),
  );
}
