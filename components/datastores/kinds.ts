import type { ComponentResource, ComponentResourceOptions } from "@pulumi/pulumi";
import type { kinds } from "../../domain/backup/datastores/kinds.ts";
import type { DatastoreKind, DatastoreOf } from "../../domain/declaration/datastoreOf.ts";
import type { Drill } from "../../domain/declaration/drill.ts";
import type { BackupArgs } from "../backup/publishedBackup.ts";
import type { ServerRestore } from "../backup/serverRestore.ts";
import { ConfigBackup } from "./configuration.ts";
import { ConfigRestore } from "./configurationRestore.ts";
import { GrafanaBackup } from "./grafana.ts";
import { PostgresBackup, postgresRestore } from "./postgres.ts";
import { RedisBackup, redisRestore } from "./redis.ts";
import { VolumeBackup } from "./volume.ts";
import { VolumeDrill } from "./volumeDrill.ts";
import { VolumeRestore } from "./volumeRestore.ts";

type Component<Args> = new (name: string, args: Args, options?: ComponentResourceOptions) => ComponentResource;

type Args<K extends DatastoreKind> = BackupArgs<DatastoreOf<K>>;

/** A component if the domain's answer is true, else nothing: the compiler requires the two to agree. */
type If<Answer, T> = Answer extends true ? T : undefined;

/** Components that drill and restore only this kind. */
interface OwnRestores<K extends DatastoreKind> {
  drill: If<(typeof kinds)[K]["drilled"], Component<Args<K> & { drill: Drill }>>;
  restore: If<(typeof kinds)[K]["restored"], Component<Args<K>>>;
}

/** What RestoreDrill and RestoreJob are made from, for a kind of server. */
type ServerRestores<K extends DatastoreKind> = (typeof kinds)[K] extends { drilled: true; restored: true }
  ? { server: (args: Args<K>) => ServerRestore }
  : never;

/** The components of a kind of datastore. */
export type KindComponents<K extends DatastoreKind = DatastoreKind> = { backup: Component<Args<K>> } & (
  | ServerRestores<K>
  | OwnRestores<K>
);

const components: { [K in DatastoreKind]: KindComponents<K> } = {
  postgres: { backup: PostgresBackup, server: postgresRestore },
  redis: { backup: RedisBackup, server: redisRestore },
  configuration: { backup: ConfigBackup, drill: undefined, restore: ConfigRestore },
  grafana: { backup: GrafanaBackup, drill: undefined, restore: undefined },
  volume: { backup: VolumeBackup, drill: VolumeDrill, restore: VolumeRestore },
};

/** The components of any kind, for a datastore whose kind is known only at run time. */
interface AnyComponents {
  backup: Component<BackupArgs>;
  server?: (args: BackupArgs) => ServerRestore;
  drill?: Component<BackupArgs & { drill: Drill }>;
  restore?: Component<BackupArgs>;
}

/** The components that back up and restore a datastore. */
export function componentsOf({ kind }: { kind: DatastoreKind }): AnyComponents {
  return components[kind] as unknown as AnyComponents;
}
