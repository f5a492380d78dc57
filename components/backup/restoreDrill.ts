import * as pulumi from "@pulumi/pulumi";
import type { Drill } from "../../domain/declaration/drill.ts";
import { seconds } from "../../domain/values/duration.ts";
import { inputs } from "../inputs.ts";
import { drillJob } from "./drillJob.ts";
import { type Inputs, knownBackup } from "./knownBackup.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { restorerStep } from "./restorer.ts";
import { serverRestoreOf } from "./serverRestoreOf.ts";

export interface RestoreDrillArgs extends BackupArgs {
  drill: Drill;
}

/**
 * A scheduled drill: fetches the newest good backup, restores it into a server inside the drill's own pod, compares it with its manifest,
 * and records in S3 how long that took. A backup that passes becomes the golden copy. The recovery time is the deadline, and only S3 is
 * reachable: no live server can be its target.
 */
export class RestoreDrill extends pulumi.ComponentResource {
  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<RestoreDrillArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<RestoreDrillArgs>(given, own);
    super("upkeep:backup:RestoreDrill", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { drill: drillStep, drillScratch } = serverRestoreOf(args);
    const step = drillStep(args.drill);
    const record = restorerStep("record", args, [
      { name: "IMAGE", value: step.image },
      { name: "RECOVERY_TIME", value: String(seconds(args.service.objectives.recoveryTime.value)) },
    ]);
    drillJob(name, args, [step, record], drillScratch, this);
    this.registerOutputs();
  }
}
