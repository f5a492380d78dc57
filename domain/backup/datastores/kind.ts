import type { Continuous } from "../../declaration/continuous.ts";
import type { DatastoreKind, DatastoreOf } from "../../declaration/datastoreOf.ts";
import type { StepName } from "../../declaration/jobPods.ts";
import type { EnvironmentPart } from "../../environment/part.ts";
import type { Duration } from "../../values/duration.ts";
import type { Fault } from "../../values/fault.ts";
import type { Size } from "../../values/size.ts";
import type { Sourced } from "../../values/sourced.ts";

/** What decides whether an environment's cluster can back up a datastore. */
export type KindEnvironment = EnvironmentPart<"name" | "features.csiClones">;

/** True, or the reason why not, for people. */
export type Answer = true | { no: string };

/** What a run reads, and how much of it per second. */
export interface Transfer {
  size: Sourced<Size>;
  throughput: Sourced<Size>;
}

/** The most space that each job of a datastore needs under /scratch. */
export interface ScratchSpace {
  backup: Size;
  drill: Size;
  restore: Size;
}

/** The steps of a datastore's jobs, in order; a job that there is not has none. */
export interface Steps {
  backup: readonly StepName[];
  drill: readonly StepName[];
  restore: readonly StepName[];
}

/** The steps of a kind whose backups are restored into a server: components/backup/ makes them. */
export const serverSteps: Steps = {
  backup: ["dump", "verify", "publish"],
  drill: ["fetch", "drill", "record"],
  restore: ["before-restore", "keep", "fetch", "restore"],
};

/** A server whose answer the health monitor checks, in the server's own protocol. No password is sent. */
export type Server = { host: string; port: number } & ({ kind: "postgres"; database: string } | { kind: "redis" });

/**
 * What the domain asks about a kind of datastore. Every kind answers every question: docs/adding-a-kind.md. Methods rather than
 * properties of function type: TypeScript compares their parameters bivariantly, so that kindOf can return a row of any kind.
 */
export interface Kind<K extends DatastoreKind = DatastoreKind> {
  /** Faults in an environment whose cluster cannot back it up. */
  faultsIn(datastore: DatastoreOf<K>, environment: KindEnvironment): Fault[];
  /** What a run reads in full, from which its duration follows; undefined if no size is declared. */
  reads(datastore: DatastoreOf<K>): Transfer | undefined;
  /** The space under /scratch that grows with the datastore; undefined if a run needs the same for each. */
  scratch(datastore: DatastoreOf<K>): ScratchSpace | undefined;
  /** The steps of its jobs, whose memory a service may declare. test/components/jobPods.test.ts compares them with the rendered pods. */
  steps: Steps;
  /** How far behind its source the data of a run may be, if that is declared. */
  lag(datastore: DatastoreOf<K>): Duration | undefined;
  /** Days by which data may be older than the manifests that name it; 0 if each run puts its own. */
  dataAge: number;
  /** The declared continuous backup, if any. */
  continuous(datastore: DatastoreOf<K>): Continuous | undefined;
  /** What may be declared instead of a backup, in the declaration's syntax. */
  instead?: string;
  /** Whether a job rehearses a restore. */
  drilled: Answer;
  /** Whether a job restores it when a person starts it. */
  restored: Answer;
  /** Whether a drill queries the restored data in SQL. */
  sql: boolean;
  /** The server that the health monitor checks; undefined if there is no server. */
  server(datastore: DatastoreOf<K>): Server | undefined;
  /** What a backup holds, in numbers, from the fields of its manifest that are the kind's own: docs/backup-manifest.md. */
  holds(manifest: object): string;
}
