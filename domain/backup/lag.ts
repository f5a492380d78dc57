import type { Postgres, Redis } from "../declaration/datastore.ts";
import { type Duration, seconds } from "../values/duration.ts";

/** What a standby that keeps up stays below at any load: more needs a decision. */
const MAX_LAG: Duration = "1m";

/** How far a standby or replica that is dumped may be behind its primary, in seconds. */
export function maxLagSeconds({ maxLag = MAX_LAG }: Pick<Postgres | Redis, "maxLag">): number {
  return seconds(maxLag);
}
