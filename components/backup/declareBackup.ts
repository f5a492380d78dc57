import type { Resource } from "@pulumi/pulumi";
import type { Datastore } from "../../domain/datastore.ts";
import type { Environment } from "../../domain/environment.ts";
import type { Backup, Service } from "../../domain/service.ts";
import type { BackupBucket } from "./backupBucket.ts";
import { ConfigBackup } from "./configBackup.ts";
import { PostgresBackup } from "./postgresBackup.ts";
import { RedisBackup } from "./redisBackup.ts";

export interface DeclaredBackup {
  environment: Environment;
  service: Service;
  datastore: Datastore;
  backup: Backup;
  bucket: BackupBucket;
}

/** The component that backs up a datastore of this kind. */
export function declareBackup(name: string, { datastore, ...facts }: DeclaredBackup, parent: Resource): void {
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
