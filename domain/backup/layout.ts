import type { Tier } from "../declaration/keep.ts";
import type { Backup } from "../declaration/service.ts";

/**
 * Folder of suspect runs, which a person must inspect: they hold much less data than the last good backup. They belong to no tier,
 * and a restore never chooses one by default.
 */
export const SUSPECT = "suspect";

/** The folder of a run under `manifests/` and `data/` of its prefix. */
export type TierOrSuspect = Tier | typeof SUSPECT;

/** Prefix of manifests. @param tier default: those of all tiers, and of suspect runs */
export function manifestsPrefix({ prefix }: Pick<Backup, "prefix">, tier?: TierOrSuspect): string {
  return `${prefix}manifests/${tier ? `${tier}/` : ""}`;
}

/** Prefix of golden copies: backups that passed a drill. */
export function goldenPrefix({ prefix }: Pick<Backup, "prefix">): string {
  return `${prefix}golden/`;
}

/** Prefix of the records of drills. */
export function drillsPrefix({ prefix }: Pick<Backup, "prefix">): string {
  return `${prefix}drills/`;
}

/** Prefix of dumps that a restore makes of what it is about to replace. */
export function beforeRestorePrefix({ prefix }: Pick<Backup, "prefix">): string {
  return `${prefix}before-restore/`;
}

/** Prefix of the data that manifests name. @param tier default: all of it */
export function dataPrefix({ prefix }: Pick<Backup, "prefix">, tier?: TierOrSuspect): string {
  return `${prefix}data/${tier ? `${tier}/` : ""}`;
}
