import type { Continuous } from "../../declaration/continuous.ts";
import type { DatastoreKind, DatastoreOf } from "../../declaration/datastoreOf.ts";
import type { EnvironmentPart } from "../../environment/part.ts";
import type { Fault } from "../../values/fault.ts";
import type { Size } from "../../values/size.ts";
import type { Sourced } from "../../values/sourced.ts";

/** What decides whether an environment's cluster can back up a datastore. */
export type KindEnvironment = EnvironmentPart<"name" | "features.csiClones">;

/** Yes, or why not, for people. */
export type Answer = true | { no: string };

/** What a run reads, and how much of it in a second. */
export interface Transfer {
  size: Sourced<Size>;
  throughput: Sourced<Size>;
}

/** A server that the health monitor asks whether it answers, in its own protocol. No password is sent. */
export type Server = { host: string; port: number } & ({ kind: "postgres"; database: string } | { kind: "redis" });

/**
 * What the domain asks about a kind of datastore. Every kind answers every question: docs/adding-a-kind.md. Methods and no properties,
 * so that a row may be asked about any datastore that its kind was looked up by.
 */
export interface Kind<K extends DatastoreKind = DatastoreKind> {
  /** What is wrong with a declaration, wherever it runs. The compiler refuses much of it too; plain JavaScript has none. */
  faults(datastore: DatastoreOf<K>): Fault[];
  /** What keeps an environment's cluster from backing it up. */
  faultsIn(datastore: DatastoreOf<K>, environment: KindEnvironment): Fault[];
  /** What a run reads whole, so that its time follows from the size; undefined where no size is declared. */
  reads(datastore: DatastoreOf<K>): Transfer | undefined;
  /** The space under /scratch that grows with the datastore; undefined where a run needs the same for each. */
  scratch(datastore: DatastoreOf<K>): Size | undefined;
  /** Days by which data may be older than the manifests that name it; 0 where each run puts its own. */
  dataAge: number;
  /** The backup that an operator makes all the time, where the declaration has one. */
  continuous(datastore: DatastoreOf<K>): Continuous | undefined;
  /** What may be declared instead of a backup, as a person writes it. */
  instead?: string;
  /** Whether a job rehearses a restore. */
  drilled: Answer;
  /** Whether a job restores it when a person starts it. */
  restored: Answer;
  /** Whether a drill asks the restored data in SQL. */
  sql: boolean;
  /** What the health monitor asks; undefined where nothing answers. */
  server(datastore: DatastoreOf<K>): Server | undefined;
  /** What a backup holds, in numbers, from the fields of its manifest that are the kind's own: docs/backup-manifest.md. */
  holds(manifest: object): string;
}
