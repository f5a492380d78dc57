import { componentsOf } from "../datastores/kinds.ts";
import type { BackupArgs } from "./publishedBackup.ts";
import type { ServerRestore } from "./serverRestore.ts";

/** How a datastore is restored into a server. @throws Error for a datastore that is not restored into a server */
export function serverRestoreOf(args: BackupArgs): ServerRestore {
  const { server } = componentsOf(args.datastore);
  if (!server) throw new Error(`${args.datastore.name}, a ${args.datastore.kind}, is not restored into a server`);
  return server(args);
}
