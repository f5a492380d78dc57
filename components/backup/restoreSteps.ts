import { fetchedScratch } from "../../domain/backup/datastores/postgres.ts";
import type { Datastore, Postgres, Redis } from "../../domain/declaration/datastore.ts";
import type { Drill } from "../../domain/declaration/drill.ts";
import { images, users } from "../../domain/kubernetes/images.ts";
import { seconds } from "../../domain/values/duration.ts";
import { bytes, type Size, sizeOf } from "../../domain/values/size.ts";
import { fromSecret } from "../jobs/fromSecret.ts";
import type { Step } from "../jobs/pod.ts";
import { program } from "../jobs/program.ts";
import type { BackupArgs } from "./publishedBackup.ts";

/** What differs from kind to kind in how a backup is restored. */
export interface Restore {
  /** Restores what was fetched into a server of its own and compares it. @param drill what is asked of the data */
  drill(drill: Drill): Step;
  /** Space that a drill needs at the most: what was fetched, and the server that it is restored into. */
  drillScratch: Size;
  /** Asks whether a restore may replace its target, and dumps that. */
  before: Step;
  /** Restores what was fetched. */
  restore: Step;
  /** Space that a restore needs at the most. */
  restoreScratch: Size;
  /** The server's port: a restore talks to it, and Redis talks back. */
  port: number;
  replicates: boolean;
  /** What whoever starts a restore may say beside what every restore is told, with examples. */
  parameters: Record<string, string>;
}

/** How backups of a datastore are restored; undefined where no job restores them. */
export function restoreOf(args: BackupArgs): Restore | undefined {
  const { datastore } = args;
  switch (datastore.kind) {
    case "postgres":
      return ofPostgres(args, datastore);
    case "redis":
      return ofRedis(args, datastore);
    default:
      return undefined;
  }
}

/** The write-ahead log, and what else a server of its own needs beside its data. */
const SERVER_ROOM = bytes("2Gi");

function ofPostgres({ environment, service }: BackupArgs, datastore: Postgres): Restore {
  const { host, port, version, size, administrator, credentials } = datastore;
  const user = administrator ?? credentials;
  const step = (name: string, text: string, variables: Step["environment"]): Step => ({
    name,
    image: images(environment.images.registry).postgres(version),
    program: text,
    user: users.postgres,
    memory: "1Gi",
    environment: variables,
  });
  const server: Step["environment"] = [
    { name: "PGHOST", value: host },
    { name: "PGPORT", value: String(port) },
    user.username ? { name: "PGUSER", value: user.username } : fromSecret("PGUSER", user.name, user.usernameKey),
    fromSecret("PGPASSWORD", user.name, user.passwordKey),
  ];
  const archive = program("postgres/archive.sh");
  const fetched = bytes(fetchedScratch(datastore));
  return {
    drill: ({ freshness, assertions }) =>
      step("drill", archive + program("postgres/drill.sh"), [
        { name: "RECOVERY_POINT", value: String(seconds(service.objectives.recoveryPoint.value)) },
        ...(freshness ? [{ name: "FRESHNESS", value: freshness }] : []),
        ...(assertions ? [{ name: "ASSERTIONS", value: JSON.stringify(assertions) }] : []),
      ]),
    drillScratch: sizeOf(fetched + bytes(size.value) + SERVER_ROOM),
    before: step("before-restore", program("postgres/before-restore.sh"), server),
    restore: step("restore", archive + program("postgres/restore.sh"), server),
    restoreScratch: sizeOf(fetched),
    port,
    replicates: false,
    parameters: { TARGET: datastore.database, CONFIRM: datastore.database },
  };
}

function ofRedis({ environment }: BackupArgs, { host, port, size, password }: Redis): Restore {
  const step = (name: string, variables: Step["environment"]): Step => ({
    name,
    image: images(environment.images.registry).redis,
    program: program(`redis/${name}.sh`),
    user: users.redis,
    // The server of its own holds all of it, and what it needs to serve it.
    memory: sizeOf(bytes(size.value) * 1.5 + bytes("128Mi")),
    environment: variables,
  });
  const server: Step["environment"] = [
    { name: "PORT", value: String(port) },
    ...(password ? [fromSecret("REDISCLI_AUTH", password.secret, password.key)] : []),
  ];
  return {
    drill: () => step("drill", []),
    drillScratch: size.value,
    before: { ...step("before-restore", server), memory: "256Mi" },
    restore: step("restore", [
      ...server,
      { name: "ADDRESS", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "status.podIP" } } },
    ]),
    restoreScratch: sizeOf(bytes(size.value) * 2),
    port,
    replicates: true,
    parameters: { TARGET: host, CONFIRM: host },
  };
}

/** @throws Error for a datastore that drillFaults refuses to drill */
export function restoreOrThrow(args: BackupArgs<Datastore>): Restore {
  const restore = restoreOf(args);
  if (!restore) throw new Error(`no job restores ${args.datastore.name}, a ${args.datastore.kind}`);
  return restore;
}
