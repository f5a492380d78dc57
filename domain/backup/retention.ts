import { datastoreOf } from "../declaration/datastoreOf.ts";
import type { Backup, Service } from "../declaration/service.ts";
import { DAY } from "../values/duration.ts";
import { kindOf } from "./datastores/kinds.ts";
import {
  beforeRestorePrefix,
  dataPrefix,
  drillsPrefix,
  goldenPrefix,
  manifestsPrefix,
  SUSPECT,
  type TierOrSuspect,
} from "./layout.ts";
import { keptTiers } from "./tiers.ts";

/** Days by which data outlives its manifest, so that no manifest names data that is gone. */
export const DATA_OUTLIVES_MANIFEST_DAYS = 2;

/** The lock of a bucket whose service declares no backup any more: nothing new is written to it. */
const DEFAULT_LOCK_DAYS = 30;

/** How long the record of a drill is kept: a year, and one month in which to review it. */
const DRILLS_KEPT_DAYS = 400;

/** How long access logs are kept: as long as the records of drills. */
export const LOGS_KEPT_DAYS = 400;

/** How long the dump of what a restore replaced is kept. */
const BEFORE_RESTORE_KEPT_DAYS = 30;

/** How many older golden copies are kept besides the newest one. */
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
 * Days for which S3 refuses to delete a version: the shortest declared retention. With a longer lock the lifecycle could not delete
 * such a version in time.
 */
export function lockDays({ backups }: Pick<Service, "backups">): number {
  const days = backups.flatMap(({ keep }) => keptTiers(keep).map(({ seconds: kept }) => Math.ceil(kept / DAY)));
  return days.length === 0 ? DEFAULT_LOCK_DAYS : Math.min(...days);
}

/**
 * Lifecycle rules that delete expired backups. In a versioned bucket an expiration only hides an object;
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

/** @param dataAge of the datastore's kind, in days */
function rulesOf(backup: Backup, dataAge: number): LifecycleRule[] {
  const tiers = keptTiers(backup.keep).map(({ tier, seconds: kept }) => ({
    tier: tier as TierOrSuspect,
    days: Math.ceil(kept / DAY),
  }));
  const longest = Math.max(...tiers.map(({ days }) => days));
  // A suspect run waits for a person's decision as long as the longest tier is kept.
  const kept = [...tiers, { tier: SUSPECT as TierOrSuspect, days: longest }];
  return [
    ...kept.flatMap(({ tier, days }) => [
      expiration(manifestsPrefix(backup, tier), days),
      {
        ...expiration(dataPrefix(backup, tier), days + DATA_OUTLIVES_MANIFEST_DAYS),
        ...transition(backup, tier, days),
      },
    ]),
    // Chunks belong to no tier: manifests of every tier name them.
    ...(dataAge > 0 ? [expiration(dataPrefix(backup), longest + dataAge + DATA_OUTLIVES_MANIFEST_DAYS)] : []),
    {
      // The newest copy stays even if drills stop: S3 counts days only for the older ones.
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

/** A manifest keeps its storage class: it is small and read often. */
function transition({ storageClass }: Backup, tier: TierOrSuspect, days: number): Pick<LifecycleRule, "transitions"> {
  const chosen = tier === SUSPECT ? undefined : storageClass?.[tier];
  // A backup that expires the next day is not worth moving.
  return chosen === undefined || days < 2 ? {} : { transitions: [{ days: 1, storageClass: chosen }] };
}
