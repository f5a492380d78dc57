import { datastoreOf } from "../declaration/datastoreOf.ts";
import type { Tier } from "../declaration/keep.ts";
import type { Backup, Service } from "../declaration/service.ts";
import { DAY } from "../values/duration.ts";
import { kindOf } from "./datastores/kinds.ts";
import {
  beforeRestorePrefix,
  dataPrefix,
  drillsPrefix,
  goldenPrefix,
  manifestsPrefix,
  type Shelf,
  SUSPECT,
} from "./layout.ts";
import { keptTiers } from "./tiers.ts";

/** Data outlives its manifest by these days, so that no manifest ever names data that is gone. */
export const DATA_OUTLIVES_MANIFEST_DAYS = 2;

/** The lock where no backup is declared any more: nothing new is written then. */
const DEFAULT_LOCK_DAYS = 30;

/** How long the record of a drill is kept: a year, and the month in which somebody looks back at it. */
const DRILLS_KEPT_DAYS = 400;

/** How long accesses stay logged: as long as the records of drills. */
export const LOGS_KEPT_DAYS = 400;

/** How long the dump of what a restore replaced is kept. */
const BEFORE_RESTORE_KEPT_DAYS = 30;

/** How many golden copies are kept behind the newest one. */
const GOLDEN_COPIES_BEHIND = 3;

/** A rule of a bucket's lifecycle, as the provider has it. */
export interface LifecycleRule {
  id: string;
  status: "Enabled" | "Disabled";
  filter: { prefix: string };
  expiration?: { days?: number; expiredObjectDeleteMarker?: boolean };
  noncurrentVersionExpiration?: { noncurrentDays: number; newerNoncurrentVersions?: number };
  transitions?: { days: number; storageClass: string }[];
  abortIncompleteMultipartUpload?: { daysAfterInitiation: number };
}

/**
 * Days for which S3 refuses to delete a version: as long as the shortest-kept backup is promised. Longer, and the lifecycle could not
 * delete it in time.
 */
export function lockDays({ backups }: Pick<Service, "backups">): number {
  const days = backups.flatMap(({ keep }) => keptTiers(keep).map(({ seconds: kept }) => Math.ceil(kept / DAY)));
  return days.length === 0 ? DEFAULT_LOCK_DAYS : Math.min(...days);
}

/**
 * The rules by which S3 deletes what has been kept long enough. In a versioned bucket an expiration only hides an object;
 * the noncurrent rule then deletes it. Source: docs.aws.amazon.com, "Lifecycle configuration elements".
 */
export function lifecycleRules(service: Pick<Service, "backups" | "datastores">): LifecycleRule[] {
  return [
    ...service.backups.flatMap((backup) => {
      const datastore = datastoreOf(service, backup);
      return rulesOf(backup, datastore ? kindOf(datastore).dataAge : 0);
    }),
    {
      id: "abandoned",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { expiredObjectDeleteMarker: true },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
    },
  ];
}

/** @param dataAge as a kind has it, in days */
function rulesOf(backup: Backup, dataAge: number): LifecycleRule[] {
  const tiers = keptTiers(backup.keep).map(({ tier, seconds: kept }) => ({
    shelf: tier as Shelf,
    days: Math.ceil(kept / DAY),
  }));
  const longest = Math.max(...tiers.map(({ days }) => days));
  // What waits for a person waits as long as anything is kept.
  const shelves = [...tiers, { shelf: SUSPECT as Shelf, days: longest }];
  return [
    ...shelves.flatMap(({ shelf, days }) => [
      expiration(manifestsPrefix(backup, shelf), days),
      {
        ...expiration(dataPrefix(backup, shelf), days + DATA_OUTLIVES_MANIFEST_DAYS),
        ...transition(backup, shelf, days),
      },
    ]),
    // Parts lie beside the shelves, and manifests of every tier name them.
    ...(dataAge > 0 ? [expiration(dataPrefix(backup), longest + dataAge + DATA_OUTLIVES_MANIFEST_DAYS)] : []),
    {
      // The newest copy stays whatever stops; S3 counts days only for those behind it.
      id: goldenPrefix(backup),
      status: "Enabled",
      filter: { prefix: goldenPrefix(backup) },
      noncurrentVersionExpiration: { noncurrentDays: 1, newerNoncurrentVersions: GOLDEN_COPIES_BEHIND },
    },
    expiration(drillsPrefix(backup), DRILLS_KEPT_DAYS),
    expiration(beforeRestorePrefix(backup), BEFORE_RESTORE_KEPT_DAYS),
  ];
}

function expiration(prefix: string, days: number): LifecycleRule {
  return {
    id: prefix,
    status: "Enabled",
    filter: { prefix },
    expiration: { days },
    noncurrentVersionExpiration: { noncurrentDays: 1 },
  };
}

/** A manifest stays where it is: it is read often, and small. */
function transition({ storageClass }: Backup, shelf: Shelf, days: number): Pick<LifecycleRule, "transitions"> {
  const chosen = shelf === SUSPECT ? undefined : storageClass?.[shelf as Tier];
  // A backup that is gone tomorrow is not moved today.
  return chosen === undefined || days < 2 ? {} : { transitions: [{ days: 1, storageClass: chosen }] };
}
