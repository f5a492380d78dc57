import assert from "node:assert/strict";
import { BackupBucket } from "../../components/backup/backupBucket.ts";
import { declareBackup } from "../../components/backup/declareBackup.ts";
import { declareRestore } from "../../components/backup/declareRestore.ts";
import type { Backup, Service } from "../../domain/declaration/service.ts";
import { environmentOf } from "../support/environment.ts";
import { keeping, shop } from "../support/shop.ts";
import { type Registered, registered } from "./resources.ts";

// biome-ignore lint/suspicious/noExplicitAny: manifests are looked into at paths that the assertions name
export type Fields = Record<string, any>;

/** The shop's volume alone, in a stack's environment. */
export const declare = (stack: string) => {
  const environment = environmentOf(stack);
  const service = keeping(shop, "uploads");
  const [backup] = service.backups as [Backup];
  const [datastore] = service.datastores as [Service["datastores"][number]];
  return registered(() => {
    const bucket = new BackupBucket("backups", { environment, service });
    declareBackup("uploads", { environment, service, datastore, backup, bucket }, bucket);
    declareRestore("uploads", { environment, service, datastore, backup, bucket }, bucket);
  });
};

export function podOf(resources: Registered[], job: string): Fields {
  const found = resources.find(
    ({ type, inputs }) => type === "kubernetes:batch/v1:CronJob" && (inputs as Fields).metadata.name === job,
  );
  assert.ok(found, job);
  return (found.inputs as Fields).spec.jobTemplate.spec.template.spec;
}

export const volumeOf = ({ volumes }: Fields) => volumes.find(({ name }: Fields) => name === "volume");
