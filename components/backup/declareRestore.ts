import type { Resource } from "@pulumi/pulumi";
import { isRestored } from "../../domain/drill.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { RestoreDrill } from "./restoreDrill.ts";
import { RestoreJob } from "./restoreJob.ts";

/** The components that restore a datastore's backup: as a drill where it declares one, and when a person starts it. */
export function declareRestore(name: string, args: BackupArgs, parent: Resource): void {
  const { drill } = args.backup;
  if (drill) new RestoreDrill(`${name}-drill`, { ...args, drill }, { parent });
  if (isRestored(args.datastore)) new RestoreJob(`${name}-restore`, args, { parent });
}
