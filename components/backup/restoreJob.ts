import * as pulumi from "@pulumi/pulumi";
import { restoreDeadline, restoreJob } from "../../domain/backup/drill.ts";
import { egressToS3 } from "../../domain/bucket/identities.ts";
import { namespaceOf } from "../../domain/declaration/datastoreOf.ts";
import { egressToServer } from "../../domain/kubernetes/egress.ts";
import { inputs } from "../inputs.ts";
import { RunbookJob } from "../jobs/runbookJob.ts";
import { declaredPods } from "./declaredPods.ts";
import { type Inputs, knownBackup } from "./knownBackup.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import { restorerAnnotations, restorerStep } from "./restorer.ts";
import { serverRestoreOf } from "./serverRestoreOf.ts";

export type RestoreJobArgs = BackupArgs;

/**
 * The job that a person starts to restore a datastore: docs/restore.md. It fetches the newest good backup or a named one, and replaces
 * the target only if its name is given twice; it first dumps what it replaces to S3.
 */
export class RestoreJob extends pulumi.ComponentResource {
  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<RestoreJobArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<RestoreJobArgs>(given, own);
    super("upkeep:backup:RestoreJob", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, service, datastore, backup } = args;
    const { before, restore, restoreScratch, host, port, network, replicates, parameters } = serverRestoreOf(args);
    const job = restoreJob(backup);
    new RunbookJob(
      name,
      {
        environment,
        service: service.name,
        namespace: namespaceOf(service, datastore),
        job,
        datastore: datastore.name,
        purpose: `restores ${datastore.name}: the newest good backup, or that before BEFORE=<time>, or BACKUP=<name>; DRY_RUN=1 fetches and reads it only`,
        deadline: restoreDeadline(service),
        steps: [before, restorerStep("keep", args), restorerStep("fetch", args), restore],
        scratch: restoreScratch,
        ...(backup.scratchClass && { scratchClass: backup.scratchClass }),
        ...declaredPods(args),
        egress: [egressToServer({ host, port, ...(network && { network }) }), ...egressToS3(environment)],
        ...(replicates && { ingress: [{ from: [{ podSelector: {} }], ports: [{ protocol: "TCP", port }] }] }),
        ...restorerAnnotations(name, job, args, this),
        parameters,
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
