import type { Datastore } from "./datastore.ts";
import type { Backup, Service } from "./service.ts";

export type DatastoreKind = Datastore["kind"];

/** Datastores of one kind. */
export type DatastoreOf<K extends DatastoreKind> = Extract<Datastore, { kind: K }>;

/** The datastore of a backup; undefined if the service declares no datastore of that name. */
export function datastoreOf(
  { datastores }: Pick<Service, "datastores">,
  { datastore }: Pick<Backup, "datastore">,
): Datastore | undefined {
  return datastores.find(({ name }) => name === datastore);
}

/** The namespace in which a datastore and its jobs run. */
export function namespaceOf(
  service: Pick<Service, "namespace">,
  { namespace = service.namespace }: Pick<Datastore, "namespace">,
): string {
  return namespace;
}
