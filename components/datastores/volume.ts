import * as pulumi from "@pulumi/pulumi";
import { readFrom } from "../../domain/backup/datastores/volume.ts";
import type { Volume } from "../../domain/declaration/datastore.ts";
import { images } from "../../domain/kubernetes/images.ts";
import { bytes, type Size, sizeOf } from "../../domain/values/size.ts";
import { type Inputs, knownBackup } from "../backup/knownBackup.ts";
import { type BackupArgs, publishedBackup } from "../backup/publishedBackup.ts";
import { s3Variables } from "../backup/s3Variables.ts";
import { inputs } from "../inputs.ts";
import type { JobVolume, Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";

export type VolumeBackupArgs = BackupArgs<Volume>;

/** Scratch space for the index alone, of about five million files. Their contents go straight to S3. */
export const INDEX_SCRATCH: Size = "512Mi";

/**
 * Backs up the files of a volume on schedule: sends what changed, as chunks named by their hashes, and publishes an index of all of it
 * with a manifest put last. It runs as the files' owner, mounts them read-only, and changes no owner or mode.
 */
export class VolumeBackup extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly cronJob: pulumi.Output<string>;

  /** @throws DeclarationError when the backup cannot be made or cannot keep its promise, before any child exists */
  constructor(name: string, given: Inputs<VolumeBackupArgs>, own?: pulumi.ComponentResourceOptions) {
    const { args, options } = knownBackup<VolumeBackupArgs>(given, own);
    super("upkeep:backup:VolumeBackup", name, { ...inputs(args), bucket: args.bucket.bucketName }, options);
    const { backup, bucket } = args;
    const job = publishedBackup(
      name,
      args,
      {
        step: backupStep(args),
        artefact: "/scratch/backup.index",
        scratch: INDEX_SCRATCH,
        egress: [],
        volume: read(args),
      },
      this,
    );
    this.cronJob = job.cronJob;
    this.registerOutputs({ bucket: bucket.bucketName, prefix: backup.prefix, cronJob: this.cronJob });
  }
}

function backupStep({ environment, datastore, backup, bucket }: VolumeBackupArgs): Step {
  const { certificateAuthority } = environment.backups;
  const mountPath = "/volume";
  return {
    name: "backup",
    image: images(environment.images.registry).node,
    program: program("volume/backup.ts"),
    interpreter: "node",
    user: datastore.uid,
    group: datastore.gid,
    keepsUser: true,
    // Eight chunks in flight, and what they are compressed to; the names of one folder; the hashes of a week.
    memory: "512Mi",
    environment: [
      { name: "VOLUME", value: mountPath },
      { name: "BUCKET", value: bucket.bucketName },
      { name: "PREFIX", value: backup.prefix },
      ...s3Variables(environment),
    ],
    mount: { mountPath, readOnly: true },
    ...(certificateAuthority && { certificateAuthority }),
  };
}

function read({ environment, datastore }: VolumeBackupArgs): JobVolume {
  const from = readFrom(datastore, environment);
  // declarationFaults has refused this case.
  if (!from) throw new Error(`${datastore.name}: the cluster makes no clone`);
  const { claim, size } = datastore;
  if ("owner" in from) return { source: { persistentVolumeClaim: { claimName: claim } }, beside: from.owner };
  return {
    source: {
      // A clone of the claim, made for the pod and deleted with it.
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: from.cloneClass,
            dataSource: { kind: "PersistentVolumeClaim", name: claim },
            resources: { requests: { storage: sizeOf(bytes(size.value)) } },
          },
        },
      },
    },
  };
}
