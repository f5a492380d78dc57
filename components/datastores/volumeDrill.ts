import * as pulumi from "@pulumi/pulumi";
import type { Drill } from "../../domain/declaration/drill.ts";
import { images } from "../../domain/kubernetes/images.ts";
import { seconds } from "../../domain/values/duration.ts";
import { drillJob } from "../backup/drillJob.ts";
import { type Inputs, knownBackup } from "../backup/knownBackup.ts";
import { inputs } from "../inputs.ts";
import { INDEX_SCRATCH } from "./volume.ts";
import { type VolumeRestoreArgs, volumeStep } from "./volumeRestore.ts";

export interface VolumeDrillArgs extends VolumeRestoreArgs {
  drill: Drill;
}

/**
 * Rehearses on schedule what a lost volume would need: fetches every byte of the newest good backup, compares it with its hash, and
 * records in S3 how long that took. It writes to no volume and reaches S3 alone. Nothing is copied to golden/: a copy of a whole volume
 * that never expires would cost what the volume costs, each week again.
 */
export class VolumeDrill extends pulumi.ComponentResource {
  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<VolumeDrillArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<VolumeDrillArgs>(given, own);
    super("upkeep:backup:VolumeDrill", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, service, datastore } = args;
    const compare = volumeStep(args, "drill", [
      { name: "SERVICE", value: service.name },
      { name: "DATASTORE", value: datastore.name },
      { name: "IMAGE", value: images(environment.images.registry).node },
      { name: "RECOVERY_TIME", value: String(seconds(service.objectives.recoveryTime.value)) },
    ]);
    drillJob(name, args, [compare], INDEX_SCRATCH, this);
    this.registerOutputs();
  }
}
