import type { Resource } from "@pulumi/pulumi";
import { componentsOf } from "../datastores/kinds.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { RestoreDrill } from "./restoreDrill.ts";
import { RestoreJob } from "./restoreJob.ts";

/**
 * The components that restore a datastore's backup: as a drill where it declares one, and when a person starts it.
 *
 * @throws Error for a drill that drillFaults refuses
 */
export function declareRestore(name: string, args: BackupArgs, parent: Resource): void {
  const { backup, datastore } = args;
  const { drill } = backup;
  const {
    server,
    drill: Drill = server && RestoreDrill,
    restore: Restore = server && RestoreJob,
  } = componentsOf(datastore);
  if (drill && !Drill) throw new Error(`no job drills ${datastore.name}, a ${datastore.kind}`);
  if (drill && Drill) new Drill(`${name}-drill`, { ...args, drill }, { parent });
  if (Restore) new Restore(`${name}-restore`, args, { parent });
}
