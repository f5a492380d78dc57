import type { Resource } from "@pulumi/pulumi";
import { ConfigBackup } from "./configBackup.ts";
import { GrafanaBackup } from "./grafanaBackup.ts";
import { PostgresBackup } from "./postgresBackup.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { RedisBackup } from "./redisBackup.ts";
import { VolumeBackup } from "./volumeBackup.ts";

/** The component that backs up a datastore of this kind. */
export function declareBackup(name: string, { datastore, ...facts }: BackupArgs, parent: Resource): void {
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
    case "grafana":
      new GrafanaBackup(name, { ...facts, datastore }, { parent });
      break;
    case "volume":
      new VolumeBackup(name, { ...facts, datastore }, { parent });
      break;
  }
}
