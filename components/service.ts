import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../domain/environment.ts";
import { refuseFaults } from "../domain/fault.ts";
import { healthFaults } from "../domain/health.ts";
import { serviceFaults } from "../domain/promises.ts";
import type { Service } from "../domain/service.ts";
import { AlertTest } from "./alerting/alertTest.ts";
import { BackupBucket } from "./backup/backupBucket.ts";
import { PostgresBackup } from "./backup/postgresBackup.ts";
import { HealthMonitor } from "./health/healthMonitor.ts";

export interface MaintainedServiceArgs {
  environment: Environment;
  service: Service;
}

/** Everything that keeps one service's promises, from its declaration alone. */
export class MaintainedService extends pulumi.ComponentResource {
  /** @throws DeclarationError when the declaration breaks a promise that it makes, before any child exists */
  constructor(name: string, args: MaintainedServiceArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    refuseFaults(`service "${service.name}"`, [...serviceFaults(service), ...healthFaults(service, environment)]);
    super("upkeep:index:MaintainedService", name, args, options);
    if (service.datastores.length > 0) {
      // The bucket outlives the last backup: removing a declaration never removes data.
      const bucket = new BackupBucket(`${name}-backups`, { environment, service }, { parent: this });
      for (const backup of service.backups) {
        const datastore = service.datastores.find(({ name: declared }) => declared === backup.datastore);
        if (datastore?.kind === "postgres") {
          new PostgresBackup(
            `${name}-${datastore.name}`,
            { environment, service, datastore, backup, bucket },
            { parent: this },
          );
        }
      }
    }
    new HealthMonitor(`${name}-health`, { environment, service }, { parent: this });
    new AlertTest(`${name}-alert-test`, { environment, service }, { parent: this });
    this.registerOutputs();
  }
}
