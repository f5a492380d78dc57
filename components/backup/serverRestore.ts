import type { Drill } from "../../domain/declaration/drill.ts";
import type { Size } from "../../domain/values/size.ts";
import type { Step } from "../jobs/pod.ts";

/** What differs between kinds whose backups are restored into a server: RestoreDrill and RestoreJob are made from it. */
export interface ServerRestore {
  /** Restores the fetched backup into the drill's own server and compares it. @param drill its queries check the data */
  drill(drill: Drill): Step;
  /** The most space that a drill needs: for the fetched backup, and for the server that it is restored into. */
  drillScratch: Size;
  /** Checks whether the restore may replace its target, and dumps the target. */
  before: Step;
  /** Restores the fetched backup. */
  restore: Step;
  /** The most space that a restore needs. */
  restoreScratch: Size;
  /** The server's host and port: the restore connects to it. */
  host: string;
  port: number;
  /** Networks in which its address is, if they are declared. */
  network?: string[];
  replicates: boolean;
  /** Parameters that the person who starts a restore may set, besides those of every restore, each with an example. */
  parameters: Record<string, string>;
}
