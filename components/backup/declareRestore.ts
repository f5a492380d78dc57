import type { Resource } from "@pulumi/pulumi";
import { isRestored } from "../../domain/backup/drill.ts";
import { ConfigRestore } from "./configRestore.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { RestoreDrill } from "./restoreDrill.ts";
import { RestoreJob } from "./restoreJob.ts";
import { VolumeDrill } from "./volumeDrill.ts";
import { VolumeRestore } from "./volumeRestore.ts";

/** The components that restore a datastore's backup: as a drill where it declares one, and when a person starts it. */
export function declareRestore(name: string, args: BackupArgs, parent: Resource): void {
  const { backup, datastore } = args;
  const { drill } = backup;
  if (datastore.kind === "volume") {
    if (drill) new VolumeDrill(`${name}-drill`, { ...args, datastore, drill }, { parent });
    new VolumeRestore(`${name}-restore`, { ...args, datastore }, { parent });
    return;
  }
  if (drill) new RestoreDrill(`${name}-drill`, { ...args, drill }, { parent });
  if (datastore.kind === "configuration") new ConfigRestore(`${name}-restore`, { ...args, datastore }, { parent });
  else if (isRestored(datastore)) new RestoreJob(`${name}-restore`, args, { parent });
}
