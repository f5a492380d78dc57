import type { Drill } from "../../domain/declaration/drill.ts";
import type { Size } from "../../domain/values/size.ts";
import type { Step } from "../jobs/pod.ts";

/** What differs between kinds whose backups are restored into a server: RestoreDrill and RestoreJob are made from it. */
export interface ServerRestore {
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
  /** The server's host and port: a restore talks to it, and Redis talks back. */
  host: string;
  port: number;
  replicates: boolean;
  /** What whoever starts a restore may say beside what every restore is told, with examples. */
  parameters: Record<string, string>;
}
