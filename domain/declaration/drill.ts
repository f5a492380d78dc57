import type { Duration } from "../values/duration.ts";
import type { Sourced } from "../values/sourced.ts";
import type { WeekdayGuard } from "../values/weekdayGuard.ts";

/**
 * How the restore of a backup is rehearsed: into a server of the drill's own, inside its pod. It names no target, because it has none.
 * Its deadline is the service's recovery time.
 */
export interface Drill {
  /** Name of the CronJob. */
  job: string;
  schedule: Sourced<string>;
  /** The only weekday on which a run does its work, such as `{ weekday: "saturday" }` for the first Saturday on days 1 to 7. */
  only?: WeekdayGuard;
  /** The longest time after its schedule that a run may still start. */
  startingDeadline: Duration;
  /** SQL for the newest time in the data, such as `SELECT max(created_at) FROM events`: no older than the recovery point when the dump began. */
  freshness?: string;
  /** SQL that must each say true of what was restored, such as `SELECT count(*) > 0 FROM plans`. */
  assertions?: string[];
}
