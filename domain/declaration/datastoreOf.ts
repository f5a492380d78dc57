import type { Duration } from "../values/duration.ts";
import type { Sourced } from "../values/sourced.ts";
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

/** A service's own recovery point. */
export interface PromisedRecovery {
  objectives: Pick<Service["objectives"], "recoveryPoint">;
}

/** The most data, as time, that a failure may lose of a datastore: its own promise, or the service's. */
export function recoveryPointOf(
  { objectives }: PromisedRecovery,
  datastore: Pick<Datastore, "recoveryPoint"> | undefined,
): Sourced<Duration> {
  return datastore?.recoveryPoint ?? objectives.recoveryPoint;
}

/** What a backup must keep: its datastore's recovery point, or its own beside a continuous backup that keeps that. */
export function keptRecoveryPoint(
  service: PromisedRecovery & Pick<Service, "datastores">,
  backup: Pick<Backup, "datastore" | "secondary">,
): Sourced<Duration> {
  return backup.secondary ?? recoveryPointOf(service, datastoreOf(service, backup));
}
