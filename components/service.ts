import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../domain/environment.ts";
import { refuseFaults } from "../domain/fault.ts";
import { serviceFaults } from "../domain/promises.ts";
import type { Service } from "../domain/service.ts";
import { BackupBucket } from "./backup/backupBucket.ts";
import { ConfigBackup } from "./backup/configBackup.ts";
import { PostgresBackup } from "./backup/postgresBackup.ts";
import type { BackupArgs } from "./backup/publishedBackup.ts";
import { RedisBackup } from "./backup/redisBackup.ts";

export interface MaintainedServiceArgs {
  environment: Environment;
  service: Service;
}

/** Everything that keeps one service's promises, from its declaration alone. */
export class MaintainedService extends pulumi.ComponentResource {
  /** @throws DeclarationError when the declaration breaks a promise that it makes, before any child exists */
  constructor(name: string, args: MaintainedServiceArgs, options?: pulumi.ComponentResourceOptions) {
    const { environment, service } = args;
    refuseFaults(`service "${service.name}"`, serviceFaults(service));
    super("upkeep:index:MaintainedService", name, args, options);
    if (service.datastores.length > 0) {
      // The bucket outlives the last backup: removing a declaration never removes data.
      const bucket = new BackupBucket(`${name}-backups`, { environment, service }, { parent: this });
      for (const backup of service.backups) {
        const datastore = service.datastores.find(({ name: declared }) => declared === backup.datastore);
        if (datastore)
          declareBackup(`${name}-${datastore.name}`, { environment, service, datastore, backup, bucket }, this);
      }
    }
    this.registerOutputs();
  }
}

function declareBackup(name: string, { datastore, ...facts }: BackupArgs, parent: pulumi.Resource): void {
  switch (datastore.kind) {
    case "postgres":
      new PostgresBackup(name, { ...facts, datastore }, { parent });
      break;
    case "redis":
      new RedisBackup(name, { ...facts, datastore }, { parent });
      break;
    case "configuration":
      new ConfigBackup(name, { ...facts, datastore }, { parent });
      break;
    case "volume":
      // serviceFaults refuses it.
      throw new Error(`${name}: there is no backup of a volume`);
  }
}
