import * as pulumi from "@pulumi/pulumi";
import { restoreDeadline, restoredClaim, restoreJob } from "../../domain/backup/drill.ts";
import { egressToS3 } from "../../domain/bucket/identities.ts";
import type { Volume } from "../../domain/declaration/datastore.ts";
import { namespaceOf } from "../../domain/declaration/datastoreOf.ts";
import { images } from "../../domain/kubernetes/images.ts";
import { declaredPods } from "../backup/declaredPods.ts";
import { type Inputs, knownBackup } from "../backup/knownBackup.ts";
import type { BackupArgs } from "../backup/publishedBackup.ts";
import { restorerAnnotations, restorerStep } from "../backup/restorer.ts";
import { s3Variables } from "../backup/s3Variables.ts";
import { inputs } from "../inputs.ts";
import type { Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import { RunbookJob } from "../jobs/runbookJob.ts";
import { INDEX_SCRATCH } from "./volume.ts";

export type VolumeRestoreArgs = BackupArgs<Volume>;

/**
 * The job that a person starts to restore a volume: docs/volumes.md. It fills a new, empty claim that the person made: what
 * is in use is never touched.
 */
export class VolumeRestore extends pulumi.ComponentResource {
  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<VolumeRestoreArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<VolumeRestoreArgs>(given, own);
    super("upkeep:backup:VolumeRestore", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { environment, service, datastore, backup } = args;
    const job = restoreJob(backup);
    const claim = restoredClaim(datastore);
    new RunbookJob(
      name,
      {
        environment,
        service: service.name,
        namespace: namespaceOf(service, datastore),
        job,
        datastore: datastore.name,
        purpose: `restores ${datastore.name} into the new claim ${claim}: the newest good backup, or that before BEFORE=<time>, or BACKUP=<name>; DRY_RUN=1 fetches and reads it only`,
        deadline: restoreDeadline(service),
        steps: [restorerStep("fetch", args), restoreStep(args)],
        scratch: INDEX_SCRATCH,
        // root owns the new volume's root directory: the group gives the files' owner access.
        volume: { source: { persistentVolumeClaim: { claimName: claim } }, group: datastore.gid },
        ...declaredPods(args),
        egress: egressToS3(environment),
        ...restorerAnnotations(name, job, args, this),
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

function restoreStep(args: VolumeRestoreArgs): Step {
  const mountPath = "/restored";
  const step = volumeStep(args, "restore", [{ name: "FOLDER", value: mountPath }]);
  return { ...step, mount: { mountPath } };
}

/** A step that reads a volume's backup from S3 as the files' owner. @param name of the program, and of the step */
export function volumeStep(
  { environment, datastore, backup, bucket }: VolumeRestoreArgs,
  name: "restore" | "drill",
  variables: Step["environment"],
): Step {
  const { certificateAuthority } = environment.backups;
  return {
    name,
    image: images(environment.images.registry).node,
    program: program(`volume/${name}.ts`),
    interpreter: "node",
    user: datastore.uid,
    group: datastore.gid,
    keepsUser: true,
    memory: "512Mi",
    environment: [
      { name: "BUCKET", value: bucket.bucketName },
      { name: "PREFIX", value: backup.prefix },
      ...variables,
      ...s3Variables(environment, "restorer"),
    ],
    ...(certificateAuthority && { certificateAuthority }),
  };
}
