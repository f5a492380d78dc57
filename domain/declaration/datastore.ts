import type { Size } from "../values/size.ts";
import { assumed, type Sourced } from "../values/sourced.ts";
import type { ConfigurationKind, CustomResource, EncryptedSecrets } from "./configurationKinds.ts";
import type { Continuous } from "./continuous.ts";

/** A Secret that already exists in the datastore's namespace; its values never pass through the program. */
export interface SecretReference {
  name: string;
  /** Key of the user's name; undefined where `username` is given instead. */
  usernameKey: string;
  passwordKey: string;
  /** The user's name, for a Secret that holds the password alone. */
  username?: string;
}

/** @param keys where the Secret's keys differ from `username` and `password` */
export function secret(name: string, keys: Partial<Omit<SecretReference, "name">> = {}): SecretReference {
  return { name, usernameKey: "username", passwordKey: "password", ...keys };
}

interface Common {
  name: string;
  /** Where it lives, if not in the service's namespace; its jobs run there. */
  namespace?: string;
  /** Why it needs no backup. A datastore without a backup and without this is refused. */
  unprotected?: string;
}

/** PostgreSQL's major versions that are supported: each has an image. */
export const postgresVersions = [15, 17] as const;

export type PostgresVersion = (typeof postgresVersions)[number];

/** A PostgreSQL database that the service already runs. */
export interface Postgres extends Common {
  kind: "postgres";
  /** Host name as pods of its namespace resolve it. */
  host: string;
  port: number;
  /** The server's major version: the client that dumps it has the same. */
  version: PostgresVersion;
  database: string;
  /** How large the database may grow; scratch space and deadlines are derived from it. */
  size: Sourced<Size>;
  /** How much of it a run dumps, reads back and publishes in a second: size over throughput must fit the backup's deadline. */
  throughput: Sourced<Size>;
  credentials: SecretReference;
  /** A user who may create databases and roles, for restores alone; the one of `credentials` where left out. */
  administrator?: SecretReference;
  /** The backup that its operator makes all the time, beside dumps or instead of them. */
  continuous?: Continuous;
}

/** A Redis server that the service already runs. */
export interface Redis extends Common {
  kind: "redis";
  /** Host name as pods of its namespace resolve it. */
  host: string;
  port: number;
  /** How large the server's data may grow in memory: its dump is never larger. */
  size: Sourced<Size>;
  /** How much of it a run dumps, reads back and publishes in a second. */
  throughput: Sourced<Size>;
  /** Where it asks for a password. */
  password?: { secret: string; key: string };
}

/** What configures the service in the cluster, as objects of its namespace. */
export interface Configuration extends Common {
  kind: "configuration";
  objects: ConfigurationKind[];
  customResources?: CustomResource[];
  /** Left out, no Secret is ever read: their store is their backup. */
  secrets?: EncryptedSecrets;
  /** A second namespace, which exists already, that a restore may be sent to. */
  recoveryNamespace?: string;
}

/** What people made in a Grafana: dashboards, folders, alert rules and data sources, without their secrets. */
export interface Grafana extends Common {
  kind: "grafana";
  /** Where pods of its namespace reach it, such as `http://grafana:3000`. */
  url: string;
  /** The token of a service account, in a Secret. Grafana shows data sources and alert rules to its role Admin alone. */
  token: { secret: string; key: string };
}

/** Labels of the pods that mount a volume: its backup runs on their node, where a claim that one node may mount can be read too. */
export interface BesideOwner {
  owner: Record<string, string>;
}

/**
 * A clone of the volume, which its CSI driver makes for each run: what is read stands still, and no node is asked for.
 *
 * `otherwise` is how it is read where the cluster's driver clones nothing (features.csiClones).
 */
export interface CloneOfVolume {
  /** StorageClass of the clone. */
  cloneClass: string;
  otherwise?: BesideOwner;
}

/** Files on a PersistentVolumeClaim. */
export interface Volume extends Common {
  kind: "volume";
  claim: string;
  /** How large the files may grow, no less than the claim: a clone is as large. The backup's deadline has to fit it. */
  size: Sourced<Size>;
  /** The numeric user and group that own the files. Their backup reads them as this user, and changes no owner. */
  uid: number;
  gid: number;
  /** What a run reads, compresses and sends each second at the least, were all of it new. */
  throughput: Sourced<Size>;
  from: BesideOwner | CloneOfVolume;
}

export type Datastore = Postgres | Redis | Configuration | Grafana | Volume;

type Facts<T extends Datastore, Defaulted extends keyof T = "kind"> = Omit<T, "kind" | "name" | Defaulted> &
  Partial<Pick<T, Exclude<Defaulted, "kind">>>;

/**
 * Where nobody measured: two idle cores dump and read back four times as much (bench/backup.ts); the rest is left to a busy server and
 * the upload. docs/throughput.md says how it is measured.
 */
const ASSUMED_THROUGHPUT = assumed("32Mi");

export function postgres(name: string, facts: Facts<Postgres, "port" | "throughput">): Postgres {
  return { port: 5432, throughput: ASSUMED_THROUGHPUT, ...facts, kind: "postgres", name };
}

export function redis(name: string, facts: Facts<Redis, "port" | "throughput">): Redis {
  return { port: 6379, throughput: ASSUMED_THROUGHPUT, ...facts, kind: "redis", name };
}

export function configuration(name: string, facts: Facts<Configuration>): Configuration {
  return { ...facts, kind: "configuration", name };
}

export function grafana(name: string, facts: Facts<Grafana>): Grafana {
  return { ...facts, kind: "grafana", name };
}

export function volume(name: string, facts: Facts<Volume>): Volume {
  return { ...facts, kind: "volume", name };
}
