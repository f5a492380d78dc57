import type { ResourceValidationArgs } from "@pulumi/policy";
import { uncoveredDatastores, undeclaredLists } from "../domain/backup/coverage.ts";
import {
  type DatabaseCluster,
  type DatabaseWorkload,
  databaseClusterFaults,
  databaseClusterShape,
  databaseWorkloadFaults,
  databaseWorkloadShape,
  type ManagedDatabase,
  managedDatabaseFaults,
  managedDatabaseShape,
} from "../domain/backup/databases.ts";
import { type WrittenObject, writtenObjects } from "../domain/kubernetes/writtenObjects.ts";
import type { Attempt } from "../domain/values/attempt.ts";
import type { Fault } from "../domain/values/fault.ts";
import { shaped } from "../domain/values/shape.ts";
import { declaredService } from "./declaredService.ts";
import { fieldsOf, objectFaults, podOf } from "./defineObjectPolicy.ts";
import { definePolicy } from "./definePolicy.ts";

const SERVICE = "upkeep:index:MaintainedService";

/** By type token, the kind that domain/backup/databases.ts knows. */
const managed: Readonly<Record<string, string>> = {
  "aws:rds/instance:Instance": "rds.Instance",
  "aws:rds/cluster:Cluster": "rds.Cluster",
  "aws:docdb/cluster:Cluster": "docdb.Cluster",
};

export const datastoreCovered = definePolicy({
  name: "datastore-covered",
  description: "A datastore has a backup, or a stated reason for having none.",
  severity: "critical",
  // A declaration is always ours. A database of others may have a backup of which its manifest says nothing.
  blocks: "ours",
  unexemptible: "a reason for having no backup belongs to the datastore: as unprotected, where a reader finds it",
  types: [SERVICE, "kubernetes:apps/*", "kubernetes:postgresql.cnpg.io/*", ...Object.keys(managed)],
  faults: (args, attempt) => {
    const { type, props } = args;
    if (type === SERVICE) return declared(args, attempt);
    const kind = managed[type];
    if (kind !== undefined) return managedDatabaseFaults(kind, shaped<ManagedDatabase>(props, managedDatabaseShape));
    return objectFaults(writtenObjects(type, props, attempt), attempt, undeclared);
  },
});

function declared({ props }: ResourceValidationArgs, attempt: Attempt): Fault[] {
  const service = declaredService(props);
  const { datastores = [], backups = [] } = service;
  return [...undeclaredLists(service), ...uncoveredDatastores({ datastores, backups }, attempt)];
}

function undeclared(object: WrittenObject): Fault[] {
  if (object.group === "apps" && ["StatefulSet", "Deployment"].includes(object.kind)) {
    const workload = fieldsOf<DatabaseWorkload>(object, databaseWorkloadShape);
    return databaseWorkloadFaults(workload, podOf(object)?.template.spec ?? {});
  }
  if (object.group === "postgresql.cnpg.io" && object.kind === "Cluster")
    return databaseClusterFaults(fieldsOf<DatabaseCluster>(object, databaseClusterShape));
  return [];
}
