import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { existingBucket } from "../domain/bucket/bucket.ts";
import { datastoreOf } from "../domain/declaration/datastoreOf.ts";
import { type Service, serviceSchema } from "../domain/declaration/service.ts";
import { declarationFaults } from "../domain/declarationFaults.ts";
import type { Environment } from "../domain/environment/environment.ts";
import { settings } from "../domain/environment/settings.ts";
import { isKept } from "../domain/scaling/autoscale.ts";
import { refuseFaults } from "../domain/values/fault.ts";
import { AlertTest } from "./alerting/alertTest.ts";
import { ServiceDashboard } from "./alerting/dashboard.ts";
import { LogAlerts } from "./alerting/logAlerts.ts";
import { MaintenanceWindow } from "./alerting/maintenanceWindow.ts";
import { ServiceAlerts } from "./alerting/serviceAlerts.ts";
import { ServiceObjectives } from "./alerting/serviceObjectives.ts";
import { BackupBucket } from "./backup/backupBucket.ts";
import { declareBackup } from "./backup/declareBackup.ts";
import { declareRestore } from "./backup/declareRestore.ts";
import type { BackupTarget } from "./backup/publishedBackup.ts";
import { HealthMonitor } from "./health/healthMonitor.ts";
import { inputs } from "./inputs.ts";
import { OwnJob } from "./jobs/ownJob.ts";
import { type Passing, passed } from "./passing.ts";
import { AutoscaledWorkload } from "./scaling/autoscaledWorkload.ts";
import { WorkloadRecommender } from "./scaling/workloadRecommender.ts";

export interface MaintainedServiceArgs {
  environment: Passing<Environment>;
  /** The service with the environment's overrides: see `inEnvironment`. */
  service: Passing<Service>;
  /** The provider of the account that holds the backups' second copy, where the environment declares another one. */
  replicaProvider?: aws.Provider;
  /** Whether only its bucket is kept: its backups may still be needed, and its lifecycle expires them. */
  retired?: boolean;
}

/** Everything that keeps one service's promises, derived from its declaration. */
export class MaintainedService extends pulumi.ComponentResource {
  /** @throws DeclarationError when the declaration breaks a promise that it makes, before any child exists */
  constructor(name: string, args: MaintainedServiceArgs, options?: pulumi.ComponentResourceOptions) {
    const { replicaProvider, retired = false } = args;
    const stack = passed<Environment>("the environment", settings, args.environment);
    const declaration = passed<Service>("the service", serviceSchema, args.service);
    const [environment, service] = [stack.plain, declaration.plain];
    refuseFaults(`service "${service.name}"`, declarationFaults(service, environment));
    // The whole declaration: a preview shows what changed in it, and a policy checks it.
    super(
      "upkeep:index:MaintainedService",
      name,
      { ...inputs({ environment, ...(args.retired !== undefined && { retired }) }), service },
      declaration.options(stack.options(options)),
    );
    const parent = { parent: this };
    // The bucket outlives the last backup and the service: removing a declaration never deletes data.
    const existing = existingBucket(service.name, environment);
    const bucket: BackupTarget | undefined =
      existing !== undefined
        ? { bucketName: existing.name, ...(existing.key && { keyArn: pulumi.output(existing.key) }) }
        : service.datastores.length > 0
          ? new BackupBucket(
              `${name}-backups`,
              { environment, service, ...(replicaProvider && { replicaProvider }) },
              parent,
            )
          : undefined;
    if (!retired) this.maintain(name, { environment, service }, bucket);
    this.registerOutputs();
  }

  private maintain(
    name: string,
    args: { environment: Environment; service: Service },
    bucket: BackupTarget | undefined,
  ): void {
    const { environment, service } = args;
    const parent = { parent: this };
    for (const backup of service.backups) {
      const datastore = datastoreOf(service, backup);
      if (!datastore || !bucket) continue;
      const facts = { ...args, datastore, backup, bucket };
      declareBackup(`${name}-${datastore.name}`, facts, this);
      declareRestore(`${name}-${datastore.name}`, facts, this);
    }
    new HealthMonitor(`${name}-health`, args, parent);
    for (const job of service.ownJobs ?? []) new OwnJob(`${name}-${job.name}`, { ...args, job }, parent);
    new ServiceAlerts(`${name}-alerts`, args, parent);
    if (service.logAlerts?.length) new LogAlerts(`${name}-log-alerts`, args, parent);
    if (service.objectives.availability) new ServiceObjectives(`${name}-objectives`, args, parent);
    if (environment.monitoring.dashboardLabels) new ServiceDashboard(`${name}-dashboard`, args, parent);
    for (const window of service.windows) {
      new MaintenanceWindow(`${name}-${window.name}-window`, { ...args, window }, parent);
    }
    for (const workload of service.workloads.filter(isKept)) {
      new AutoscaledWorkload(`${name}-${workload.name}`, { ...args, workload }, parent);
    }
    for (const workload of environment.features.vpa ? service.workloads : []) {
      new WorkloadRecommender(`${name}-${workload.name}-recommender`, { ...args, workload }, parent);
    }
    new AlertTest(`${name}-alert-test`, args, parent);
  }
}
