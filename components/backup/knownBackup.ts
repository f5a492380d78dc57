import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { servicePodsFaults } from "../../domain/backup/jobPods.ts";
import { backupJobFaults, serviceFaults } from "../../domain/backup/promises.ts";
import { type Datastore, datastoreSchema } from "../../domain/declaration/datastore.ts";
import { drillSchema } from "../../domain/declaration/drill.ts";
import { jobPodsSchema } from "../../domain/declaration/jobPods.ts";
import { faultsOf, fieldFaults } from "../../domain/declaration/parse.ts";
import { backupSchema, objectivesSchema } from "../../domain/declaration/service.ts";
import { settings } from "../../domain/environment/settings.ts";
import { refuseFaults } from "../../domain/values/fault.ts";
import { text } from "../../domain/values/schema.ts";
import { type Passing, passed } from "../passing.ts";
import type { BackupArgs, BackupEnvironment, BackupTarget } from "./publishedBackup.ts";

/** Arguments of a backup component: hosts, names of Secrets, ARNs and the bucket may be Outputs of other resources. */
export type Inputs<Args extends BackupArgs> = Omit<Args, "environment" | "datastore" | "bucket"> & {
  environment: Passing<BackupEnvironment>;
  datastore: Passing<Args["datastore"]>;
  bucket: Omit<BackupTarget, "bucketName"> & { bucketName: pulumi.Input<string> };
};

const bucketSchema = z.strictObject({
  bucketName: text("the name of a bucket", "shop-backups", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/).meta({
    passedOn: "TOKEN",
  }),
});

/**
 * A backup's arguments without Outputs, validated as those of a whole service are.
 *
 * @throws DeclarationError for a datastore or a backup that cannot be declared, or a backup that cannot keep the recovery point
 */
export function knownBackup<Args extends BackupArgs>(
  args: Inputs<Args>,
  options?: pulumi.ComponentResourceOptions,
): { args: Args; options: pulumi.ComponentResourceOptions } {
  const { service, backup } = args;
  const subject = `backup of "${backup.datastore}" of service "${service.name}"`;
  const environment = passed<BackupEnvironment>(subject, settings, args.environment);
  const datastore = passed<Datastore>(subject, datastoreSchema, args.datastore as Passing<Datastore>);
  const bucket = passed<{ bucketName: string }>(subject, bucketSchema, { bucketName: args.bucket.bucketName });
  const { recoveryPoint, recoveryTime } = objectivesSchema.shape;
  refuseFaults(subject, [
    ...fieldFaults(service, "name", "namespace"),
    ...faultsOf(jobPodsSchema, service.jobs ?? {}, "jobs"),
    ...faultsOf(recoveryPoint, service.objectives.recoveryPoint, "objectives.recoveryPoint"),
    ...faultsOf(recoveryTime, service.objectives.recoveryTime, "objectives.recoveryTime"),
    ...faultsOf(datastoreSchema, datastore.plain, "datastore"),
    ...faultsOf(backupSchema, backup, "backup"),
    ...("drill" in args ? faultsOf(drillSchema, args.drill, "drill") : []),
  ]);
  refuseFaults(subject, [
    ...backupJobFaults(backup, "backup"),
    ...servicePodsFaults({ datastores: [datastore.plain], backups: [backup] }, environment.plain),
  ]);
  refuseFaults(subject, serviceFaults({ ...service, datastores: [datastore.plain], backups: [backup] }));
  return {
    args: {
      ...args,
      environment: environment.plain,
      datastore: datastore.plain,
      bucket: { ...args.bucket, ...bucket.plain },
    } as unknown as Args,
    options: bucket.options(datastore.options(environment.options(options))),
  };
}
