import { serviceAlertFaults } from "./alertFaults.ts";
import { autoscaleFaults } from "./autoscale.ts";
import { bucketNameFaults } from "./bucket.ts";
import { drillFaults, jobsOfDrills } from "./drill.ts";
import type { Environment } from "./environment.ts";
import type { Fault } from "./fault.ts";
import { healthFaults } from "./health.ts";
import { jobFaults } from "./maintenanceJob.ts";
import { objectiveFaults } from "./objectiveFaults.ts";
import { serviceFaults } from "./promises.ts";
import { durationFaults } from "./readable.ts";
import { retentionFaults } from "./retentionFaults.ts";
import { serviceRouteFaults } from "./routeFaults.ts";
import type { Service } from "./service.ts";
import { volumeSourceFaults } from "./volume.ts";

/** Everything about one service that cannot be deployed to an environment. @param service as it is there */
export function declarationFaults(service: Service, environment: Environment): Fault[] {
  const jobs = service.backups.flatMap(({ job: name, schedule, startingDeadline, deadline }, index) =>
    jobFaults({ name, schedule: schedule.value, startingDeadline, deadline }).map((fault) => ({
      ...fault,
      path: `backups[${index}].${fault.path}`,
    })),
  );
  const { recoveryPoint, recoveryTime } = service.objectives;
  const unreadable = [
    ...durationFaults("objectives.recoveryPoint", recoveryPoint.value),
    ...durationFaults("objectives.recoveryTime", recoveryTime.value),
    ...jobs,
  ];
  return [
    ...unreadable,
    // Only jobs that can run keep a promise or break it.
    ...(unreadable.length > 0
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
    ...autoscaleFaults(service, environment),
    ...volumeSourceFaults(service, environment),
    ...serviceRouteFaults(environment, service),
  ];
}

/** Services that are maintained and retired at once. */
export function bothFaults({ name, services, retired }: Environment): Fault[] {
  return retired
    .filter((service) => services.includes(service))
    .map((service) => ({
      path: `upkeep:retired in Pulumi.${name}.yaml`,
      got: `"${service}", which is in upkeep:services too`,
      allowed: "each service in one of the two",
      fix: "take it out of one",
    }));
}

/** What services that are fine by themselves cannot share: a name. */
export function sharedNameFaults(services: Service[]): Fault[] {
  const jobs = services.flatMap((service) => [
    ...service.backups.flatMap((backup) => {
      const namespace = service.datastores.find(({ name }) => name === backup.datastore)?.namespace;
      return [backup.job, ...jobsOfDrills(service, backup)].map((job) => `${namespace ?? service.namespace}/${job}`);
    }),
    ...(service.monitor ? [`${service.namespace}/${service.monitor.job}`] : []),
  ]);
  const names = services.map(({ name }) => name);
  return Object.entries({ "a service": names, "a CronJob": jobs }).flatMap(([path, all]) =>
    [...new Set(all.filter((name, index) => all.indexOf(name) !== index))].map((name) => ({
      path,
      got: `"${name}", declared more than once`,
      allowed: "each name once",
      fix: "rename one",
    })),
  );
}
