import type { Datastore, Postgres, Redis } from "../declaration/datastore.ts";
import type { Backup } from "../declaration/service.ts";
import { formatSeconds, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { durationFaults, readable } from "../values/readable.ts";
import { bytes } from "../values/size.ts";

/** Datastores that a run takes as a whole: how long it takes follows from their size. */
export type Dumped = Postgres | Redis;

export function isDumped(datastore: Datastore): datastore is Dumped {
  return datastore.kind === "postgres" || datastore.kind === "redis";
}

/**
 * The seconds that one try of a dump takes at the declared size: the dump itself, reading it back and putting it into S3 are in the
 * throughput.
 *
 * @throws RangeError when the size or the throughput cannot be read
 */
export function dumpSeconds({ size, throughput }: Dumped): number {
  return Math.ceil(bytes(size.value) / bytes(throughput.value));
}

/** That time as a sum for people: `10m 40s (20Gi at 32Mi a second)`. @throws RangeError as dumpSeconds does */
export function shownDumpTime(datastore: Dumped): string {
  const { size, throughput } = datastore;
  return `${formatSeconds(dumpSeconds(datastore))} (${size.value} at ${throughput.value} a second)`;
}

/** What keeps a datastore of the declared size from being dumped within the backup's deadline. */
export function throughputFaults(datastore: Datastore, backup: Backup, path: string): Fault[] {
  if (!isDumped(datastore)) return [];
  const unreadable = [
    ...sizeFaults(`datastores "${datastore.name}" size`, datastore.size.value),
    ...sizeFaults(`datastores "${datastore.name}" throughput`, datastore.throughput.value),
  ];
  // A deadline that cannot be read is jobFaults' to tell.
  if (unreadable.length > 0 || durationFaults(path, backup.deadline).length > 0) return unreadable;
  const takes = dumpSeconds(datastore);
  if (takes < seconds(backup.deadline)) return [];
  const instead = datastore.kind === "postgres" ? ", or declare continuous recovery (docs/continuous.md)" : "";
  return [
    {
      code: "deadline-shorter-than-backup",
      path: `${path}.deadline`,
      got: `${backup.deadline}, and a dump of "${datastore.name}" takes ${shownDumpTime(datastore)}`,
      allowed: `more than ${formatSeconds(takes)}`,
      fix: `lengthen it, declare a throughput that was measured${instead}`,
    },
  ];
}

function sizeFaults(path: string, text: string): Fault[] {
  if (readable(() => bytes(text))) return [];
  const allowed = "a whole number above 0 with a unit Ki, Mi, Gi or Ti";
  return [{ code: "size-unreadable", path, got: `"${text}"`, allowed, fix: 'write for example "20Gi"' }];
}
