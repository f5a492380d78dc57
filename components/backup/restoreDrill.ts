import * as pulumi from "@pulumi/pulumi";
import { type Drill, drillAlerts } from "../../domain/drill.ts";
import { seconds } from "../../domain/duration.ts";
import { egressToNetworks } from "../../domain/egress.ts";
import { inputs } from "../inputs.ts";
import { MaintenanceJob } from "../jobs/maintenanceJob.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { namespaceOf, restorerAnnotations, restorerStep } from "./restorer.ts";
import { restoreOrThrow } from "./restoreSteps.ts";

export interface RestoreDrillArgs extends BackupArgs {
  drill: Drill;
}

/**
 * Rehearses on schedule what a lost datastore would need: fetches the newest good backup, restores it into a server inside the drill's
 * own pod, compares it with its manifest, and records in S3 how long that took. What passed is copied to where nothing expires. It
 * has the recovery time for all of it, and reaches S3 alone: no server of anybody's can be its target.
 */
export class RestoreDrill extends pulumi.ComponentResource {
  constructor(name: string, args: RestoreDrillArgs, options?: pulumi.ComponentResourceOptions) {
    super("upkeep:backup:RestoreDrill", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, service, datastore, drill } = args;
    const { drill: drillStep, drillScratch } = restoreOrThrow(args);
    const namespace = namespaceOf(args);
    const recoveryTime = service.objectives.recoveryTime.value;
    const step = drillStep(drill);
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
          step,
          restorerStep("record", args, [
            { name: "IMAGE", value: step.image },
            { name: "RECOVERY_TIME", value: String(seconds(recoveryTime)) },
          ]),
        ],
        scratch: drillScratch,
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
