import * as pulumi from "@pulumi/pulumi";
import { type Drill, drillAlerts } from "../../domain/drill.ts";
import { seconds } from "../../domain/duration.ts";
import { egressToNetworks } from "../../domain/egress.ts";
import { images } from "../../domain/images.ts";
import { inputs } from "../inputs.ts";
import { MaintenanceJob } from "../jobs/maintenanceJob.ts";
import { namespaceOf, restorerAnnotations, restorerStep } from "./restorer.ts";
import { INDEX_ROOM } from "./volumeBackup.ts";
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
  constructor(name: string, args: VolumeDrillArgs, options?: pulumi.ComponentResourceOptions) {
    super("upkeep:backup:VolumeDrill", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, service, datastore, drill } = args;
    const namespace = namespaceOf(args);
    const recoveryTime = service.objectives.recoveryTime.value;
    new MaintenanceJob(
      name,
      {
        environment,
        service: service.name,
        namespace,
        job: drill.job,
        schedule: drill.schedule.value,
        ...(drill.only && { only: drill.only }),
        startingDeadline: drill.startingDeadline,
        deadline: recoveryTime,
        // What does not restore the first time is what a drill is there to find.
        retries: 0,
        steps: [
          restorerStep("fetch", args, [{ name: "DRILL", value: "true" }]),
          volumeStep(args, "drill", [
            { name: "SERVICE", value: service.name },
            { name: "DATASTORE", value: datastore.name },
            { name: "IMAGE", value: images(environment.images.registry).node },
            { name: "RECOVERY_TIME", value: String(seconds(recoveryTime)) },
          ]),
        ],
        scratch: INDEX_ROOM,
        egress: egressToNetworks(environment.backups.egress),
        ...restorerAnnotations(name, drill.job, args, this),
        staleSeverity: "warning",
        alerts: drillAlerts(service, drill, namespace, environment),
        annotations: { "upkeep/drills": datastore.name },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
