import type { Resource } from "@pulumi/pulumi";
import { componentsOf } from "../datastores/kinds.ts";
import type { BackupArgs } from "./publishedBackup.ts";

/** The component that backs up a datastore of this kind. */
export function declareBackup(name: string, args: BackupArgs, parent: Resource): void {
  const { backup: Backup } = componentsOf(args.datastore);
  new Backup(name, args, { parent });
}
