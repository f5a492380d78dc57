import type { Duration } from "./duration.ts";
import type { PostgresVersion } from "./images.ts";
import type { Size } from "./size.ts";

/** A value with its origin: what the guide says, or what we assume where it says nothing. The posture tells which. */
export interface Sourced<T> {
  value: T;
  assumed: boolean;
}

/** Marks a value that the guide does not give. */
export function assumed<T>(value: T): Sourced<T> {
  return { value, assumed: true };
}

/** Marks a value that the guide gives. */
export function guide<T>(value: T): Sourced<T> {
  return { value, assumed: false };
}

/** A Secret that already exists in the service's namespace; its values never pass through the program. */
export interface SecretReference {
  name: string;
  usernameKey: string;
  passwordKey: string;
}

/** @param keys where the Secret's keys differ from `username` and `password` */
export function secret(name: string, keys: Partial<Omit<SecretReference, "name">> = {}): SecretReference {
  return { name, usernameKey: "username", passwordKey: "password", ...keys };
}

/** A PostgreSQL database that the service already runs. */
export interface Postgres {
  kind: "postgres";
  name: string;
  /** Host name as pods of the service's namespace resolve it. */
  host: string;
  port: number;
  /** The server's major version: the client that dumps it has the same. */
  version: PostgresVersion;
  database: string;
  /** How large the database may grow; scratch space and deadlines are derived from it. */
  size: Sourced<Size>;
  credentials: SecretReference;
  /** Why this datastore needs no backup. A datastore without a backup and without this is refused. */
  unprotected?: string;
}

export type Datastore = Postgres;

export function postgres(name: string, facts: Omit<Postgres, "kind" | "name" | "port"> & { port?: number }): Postgres {
  return { port: 5432, ...facts, kind: "postgres", name };
}

/** A scheduled backup of one of the service's datastores. */
export interface Backup {
  datastore: string;
  schedule: Sourced<string>;
  /** Name of the CronJob. */
  job: string;
  /** How long a published backup is kept. */
  keep: Sourced<Duration>;
  /** Where in the service's bucket its objects lie; ends with a slash. */
  prefix: string;
  /** The longest time after its schedule that a run may still start. */
  startingDeadline: Duration;
  /** The longest time that a run may take, retries included. */
  deadline: Duration;
}

export function backup(datastore: string, facts: Omit<Backup, "datastore">): Backup {
  return { ...facts, datastore };
}

export interface Objectives {
  /** The most data, counted in time, that may be lost. */
  recoveryPoint: Sourced<Duration>;
  /** The longest time that a restore may take. */
  recoveryTime: Sourced<Duration>;
}

/** What a service is and what it promises: a guide's facts. Everything that keeps the promises is derived from it. */
export interface Service {
  name: string;
  namespace: string;
  owner: { team: string };
  objectives: Objectives;
  datastores: Datastore[];
  backups: Backup[];
}

/** Gives a declaration its type, so that an editor completes it and the compiler checks it. */
export function defineService(service: Service): Service {
  return service;
}
