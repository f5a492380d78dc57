import { z } from "zod";
import type { Passable } from "../values/passable.ts";
import { integer, optional, text } from "../values/schema.ts";
import { assumed } from "../values/sourced.ts";
import {
  type ConfigurationKind,
  configurationKinds,
  customResourceSchema,
  encryptedSecretsSchema,
} from "./configurationKinds.ts";
import { continuousSchema } from "./continuous.ts";
import {
  cidrs,
  duration,
  host,
  label,
  namespace,
  objectName,
  podLabels,
  port,
  secretKey,
  secretName,
  sentence,
  size,
  sourced,
} from "./texts.ts";

export const secretSchema = z.strictObject({
  name: secretName.describe("Name of the Secret, in the datastore's namespace."),
  usernameKey: secretKey.describe("Key of the user's name.").meta({ defaults: "username" }),
  passwordKey: secretKey.describe("Key of the password.").meta({ defaults: "password" }),
  username: optional(text("the name of a user", "postgres")).describe(
    "The user's name, for a Secret that holds the password alone.",
  ),
});

/** A Secret that already exists in the datastore's namespace; its values never pass through the program. */
export interface SecretReference extends z.output<typeof secretSchema> {}

/** @param keys of the Secret. @default `username` and `password` */
export function secret(name: Passable, keys: Partial<Omit<SecretReference, "name">> = {}): SecretReference {
  return { name: name as string, usernameKey: "username", passwordKey: "password", ...keys };
}

const keyOfSecret = (key: string) =>
  z.strictObject({
    secret: secretName.describe("The Secret, in the datastore's namespace."),
    key: secretKey.describe("The key of the Secret.").meta({ examples: [key] }),
  });

/** PostgreSQL's major versions that are supported: each has an image. */
export const postgresVersions = [15, 17] as const;

export type PostgresVersion = (typeof postgresVersions)[number];

const network = optional(cidrs("10.0.0.0/8"))
  .describe(
    "Networks in which its address is, if it is not in the cluster: those of a managed database's subnets, for example. Its jobs may connect to nothing else on its port.",
  )
  .meta({ defaults: "pods of the namespace in its name; any address, if the name may be one outside the cluster" });

/** The fields of every datastore. */
const common = {
  name: label("main").describe("Name of the datastore: backups refer to it."),
  namespace: optional(namespace).describe("Its namespace, in which its jobs run too. Default: the service's."),
  recoveryPoint: optional(sourced(duration)).describe(
    "The most data, as time, that a failure may lose of it. Default: the service's `objectives.recoveryPoint`.",
  ),
  unprotected: optional(sentence("a cache: it is filled again from the database")).describe(
    "Why it needs no backup. A datastore without a backup and without this is refused.",
  ),
};

/** The image of a datastore's own steps. domain/backup judges whether it is pinned. */
const ownImage = (example: string) => ({
  image: optional(text("an image with an exact version tag, or with a digest", example))
    .describe(
      "The image in which it is dumped, verified, drilled and restored, in place of the vendor's: one with its extensions, or another vendor's build. docs/images.md says what it must hold.",
    )
    .meta({ defaults: "the vendor's own" }),
  runAsUser: optional(integer("a whole number above 0: no job of ours runs as root", 70, 1))
    .describe("The numeric user of that image's programs, if it is not 999.")
    .meta({ defaults: "999" }),
});

const throughput = sourced(size)
  .describe(
    "How much of it a run dumps, reads back and publishes per second: size over throughput must fit the backup's deadline.",
  )
  .meta({ defaults: 'assumed("32Mi")' });

/** @param what a server that copies another is called */
const maxLag = (what: string) =>
  optional(duration)
    .describe(
      `How far the server that is dumped may be behind, if it is a ${what}: a run that finds it further behind fails. What is declared counts in the loss of a backup.`,
    )
    .meta({ defaults: "1m", examples: ["5m"] });

export const postgresSchema = z.strictObject({
  kind: z.literal("postgres"),
  ...common,
  host: host.describe("Host name as pods of its namespace resolve it."),
  port: port.describe("Its port.").meta({ defaults: "5432" }),
  network,
  version: z.literal(postgresVersions).describe("The server's major version: the client that dumps it has the same."),
  database: text("the name of a database, at most 63 characters", "shop", /^[^\0\n]{1,63}$/).describe(
    "Name of the database.",
  ),
  size: sourced(size).describe("How large the database may grow; scratch space and deadlines are derived from it."),
  throughput,
  maxLag: maxLag("standby"),
  credentials: secretSchema.describe("The user who dumps it, as `secret(…)`."),
  ...ownImage("pgvector/pgvector:0.8.1-pg17-trixie"),
  administrator: optional(secretSchema).describe(
    "A user who may create databases and roles, for restores alone; default: the one of `credentials`.",
  ),
  continuous: optional(continuousSchema).describe(
    "The continuous backup that its operator makes, besides dumps or instead of them.",
  ),
});

/** A PostgreSQL database that the service already runs. */
export interface Postgres extends z.output<typeof postgresSchema> {}

export const redisSchema = z.strictObject({
  kind: z.literal("redis"),
  ...common,
  host: host.describe("Host name as pods of its namespace resolve it."),
  port: port.describe("Its port.").meta({ defaults: "6379", examples: [6379] }),
  network,
  size: sourced(size).describe("How large the server's data may grow in memory: its dump is never larger."),
  throughput,
  maxLag: maxLag("replica"),
  password: optional(keyOfSecret("password")).describe("The Secret with its password, if it requires one."),
  ...ownImage("redis:8.2.1-bookworm"),
});

/** A Redis server that the service already runs. */
export interface Redis extends z.output<typeof redisSchema> {}

export const configurationSchema = z.strictObject({
  kind: z.literal("configuration"),
  ...common,
  objects: z
    .array(
      z.enum(Object.keys(configurationKinds) as ConfigurationKind[]).meta({
        fix: "remove it, or declare it in customResources; Secrets are exported encrypted, with secrets: { recipient: … }, or not at all",
      }),
    )
    .min(1)
    .meta({ allowed: `one or more of ${Object.keys(configurationKinds).join(", ")}`, examples: [["ConfigMap"]] })
    .describe("Kinds of objects that are exported."),
  customResources: optional(z.array(customResourceSchema)).describe("Custom resources that are exported."),
  secrets: optional(encryptedSecretsSchema).describe(
    "Secrets that are exported, encrypted. Without it no Secret is read: back them up where they are managed.",
  ),
  recoveryNamespace: optional(namespace).describe(
    "A second namespace, which exists already, into which a restore may go.",
  ),
});

/** What configures the service in the cluster, as objects of its namespace. */
export interface Configuration extends z.output<typeof configurationSchema> {}

export const grafanaSchema = z.strictObject({
  kind: z.literal("grafana"),
  ...common,
  url: text(
    "http or https, a host and Grafana's path if it has one, without a user",
    "http://grafana:3000",
    isGrafanaUrl,
  )
    .meta({ passedOn: "https://TOKEN.invalid" })
    .describe("Its address, as pods of its namespace reach it."),
  network,
  token: keyOfSecret("token").describe(
    "The token of a service account, in a Secret. It needs the role Admin: Grafana shows data sources and alert rules to no other.",
  ),
});

/** What people made in a Grafana: dashboards, folders, alert rules and data sources, without their secrets. */
export interface Grafana extends z.output<typeof grafanaSchema> {}

/** The address is in the CronJob's manifest, where no password may be. */
function isGrafanaUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password, search, hash } = new URL(url);
  return /^https?:$/.test(protocol) && !username && !password && !search && !hash;
}

const besideOwner = z.strictObject({
  owner: podLabels
    .refine((labels) => Object.keys(labels).length > 0)
    .meta({ allowed: "labels that only the pods that mount the volume have" })
    .describe(
      "Labels of the pods that mount the volume: its backup runs on their node, where it can mount a ReadWriteOnce claim too.",
    ),
});

/** Labels of the pods that mount a volume. */
export interface BesideOwner extends z.output<typeof besideOwner> {}

const cloneOfVolume = z.strictObject({
  cloneClass: objectName("a StorageClass", "gp3").describe(
    "StorageClass of a clone, which the volume's CSI driver makes for each run: the files do not change while they are read, and the run needs no particular node.",
  ),
  otherwise: optional(besideOwner).describe(
    "How it is read in a cluster without clones (`upkeep:features.csiClones`).",
  ),
});

/** A clone of the volume. */
export interface CloneOfVolume extends z.output<typeof cloneOfVolume> {}

const ownerNumber = integer("a whole number above 0: no job of ours runs as root", 1000, 1).meta({
  fix: "write the number that owns the files, as stat shows it in the service's pod",
});

export const volumeSchema = z.strictObject({
  kind: z.literal("volume"),
  ...common,
  claim: objectName("a PersistentVolumeClaim", "data-shop-0").describe("The claim."),
  size: sourced(size).describe(
    "How large the files may grow: at least the claim's size, which a clone has too. Size over throughput must fit the backup's deadline.",
  ),
  uid: ownerNumber.describe(
    "The numeric user that owns the files. Their backup reads them as this user, and changes no owner.",
  ),
  gid: ownerNumber.describe("The numeric group that owns the files."),
  throughput: sourced(size).describe(
    "What a run reads, compresses and uploads per second at the least, if everything is new.",
  ),
  from: z
    .union([besideOwner, cloneOfVolume])
    .meta({ allowed: "{ owner: … } or { cloneClass: …, otherwise: … }", examples: [{ owner: { app: "server" } }] })
    .describe("How it is read."),
});

/** Files on a PersistentVolumeClaim. */
export interface Volume extends z.output<typeof volumeSchema> {}

export const datastoreSchema = z
  .discriminatedUnion("kind", [postgresSchema, redisSchema, configurationSchema, grafanaSchema, volumeSchema])
  .meta({
    allowed: "postgres(…), redis(…), configuration(…), grafana(…) or volume(…)",
    fix: "write it with its constructor: docs/declaration.md",
  });

export type Datastore = Postgres | Redis | Configuration | Grafana | Volume;

/** Facts in which hosts, addresses and names of Secrets may be Outputs of other resources: see Passable. */
type PassableFacts<T> = {
  [Key in keyof T]: Key extends "host" | "url"
    ? Passable
    : Key extends "password" | "token"
      ? { secret: Passable; key: string }
      : T[Key];
};

type Facts<T extends Datastore, Defaulted extends keyof T = "kind"> = PassableFacts<
  Omit<T, "kind" | "name" | Defaulted> & Partial<Pick<T, Exclude<Defaulted, "kind">>>
>;

/**
 * The default, if no measured value is declared: two idle cores dump and read back four times as much (bench/backup.ts), which leaves
 * time for a busy server and the upload. docs/throughput.md says how to measure it.
 */
const ASSUMED_THROUGHPUT = assumed("32Mi");

export function postgres(name: string, facts: Facts<Postgres, "port" | "throughput">): Postgres {
  return { port: 5432, throughput: ASSUMED_THROUGHPUT, ...facts, kind: "postgres", name } as Postgres;
}

export function redis(name: string, facts: Facts<Redis, "port" | "throughput">): Redis {
  return { port: 6379, throughput: ASSUMED_THROUGHPUT, ...facts, kind: "redis", name } as Redis;
}

export function configuration(name: string, facts: Facts<Configuration>): Configuration {
  return { ...facts, kind: "configuration", name };
}

export function grafana(name: string, facts: Facts<Grafana>): Grafana {
  return { ...facts, kind: "grafana", name } as Grafana;
}

export function volume(name: string, facts: Facts<Volume>): Volume {
  return { ...facts, kind: "volume", name };
}
