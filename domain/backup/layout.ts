import type { Tier } from "../declaration/keep.ts";
import type { Backup } from "../declaration/service.ts";

/**
 * Where runs lie that need a person's look: what they hold is much smaller than what came before. They take no tier, and are never
 * the default choice of a restore.
 */
export const SUSPECT = "suspect";

/** A folder of a backup's prefix: a tier, or what is suspect. */
export type Shelf = Tier | typeof SUSPECT;

/** Where manifests lie. @param shelf all of them where left out */
export function manifestsPrefix({ prefix }: Pick<Backup, "prefix">, shelf?: Shelf): string {
  return `${prefix}manifests/${shelf ? `${shelf}/` : ""}`;
}

/** Where copies of what passed a drill lie. */
export function goldenPrefix({ prefix }: Pick<Backup, "prefix">): string {
  return `${prefix}golden/`;
}

/** Where the records of drills lie. */
export function drillsPrefix({ prefix }: Pick<Backup, "prefix">): string {
  return `${prefix}drills/`;
}

/** Where dumps lie of what a restore was about to replace. */
export function beforeRestorePrefix({ prefix }: Pick<Backup, "prefix">): string {
  return `${prefix}before-restore/`;
}

/** Where what manifests name lies. @param shelf all of it where left out */
export function dataPrefix({ prefix }: Pick<Backup, "prefix">, shelf?: Shelf): string {
  return `${prefix}data/${shelf ? `${shelf}/` : ""}`;
}
