import * as pulumi from "@pulumi/pulumi";
import { autoscaleFaults, isKept } from "../domain/autoscale.ts";
import type { Environment } from "../domain/environment.ts";
import { refuseFaults } from "../domain/fault.ts";
import { serviceFaults } from "../domain/promises.ts";
import type { Service } from "../domain/service.ts";
import { BackupBucket } from "./backup/backupBucket.ts";
import { PostgresBackup } from "./backup/postgresBackup.ts";
import { AutoscaledWorkload } from "./scaling/autoscaledWorkload.ts";

export interface MaintainedServiceArgs {
  environment: Environment;
  service: Service;
}

/** Everything that keeps one service's promises, from its declaration alone. */
export class MaintainedService extends pulumi.ComponentResource {
  /** @throws DeclarationError when the declaration breaks a promise that it makes, before any child exists */
  constructor(name: string, args: MaintainedServiceArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    refuseFaults(`service "${service.name}"`, [...serviceFaults(service), ...autoscaleFaults(service, environment)]);
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
    for (const workload of service.workloads.filter(isKept)) {
      new AutoscaledWorkload(`${name}-${workload.name}`, { environment, service, workload }, { parent: this });
    }
    this.registerOutputs();
  }
}
