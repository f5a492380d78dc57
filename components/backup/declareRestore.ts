import type { Resource } from "@pulumi/pulumi";
import { isRestored } from "../../domain/drill.ts";
import { ConfigRestore } from "./configRestore.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { RestoreDrill } from "./restoreDrill.ts";
import { RestoreJob } from "./restoreJob.ts";

/** The components that restore a datastore's backup: as a drill where it declares one, and when a person starts it. */
export function declareRestore(name: string, args: BackupArgs, parent: Resource): void {
  const { drill } = args.backup;
  if (drill) new RestoreDrill(`${name}-drill`, { ...args, drill }, { parent });
  const { datastore, ...facts } = args;
  if (datastore.kind === "configuration") new ConfigRestore(`${name}-restore`, { ...facts, datastore }, { parent });
  else if (isRestored(datastore)) new RestoreJob(`${name}-restore`, args, { parent });
}
