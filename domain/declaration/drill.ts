import { z } from "zod";
import { optional, text } from "../values/schema.ts";
import { weekdays } from "../values/weekday.ts";
import { cronJobName, duration, schedule, sourced } from "./texts.ts";

/** A query is part of another: one statement, without what ends it. */
const query = (example: string) => text("one SELECT without a semicolon", example, /^\s*select\b[^;]*$/i);

export const drillSchema = z.strictObject({
  job: cronJobName.describe("Name of the CronJob."),
  schedule: sourced(schedule).describe("When it runs, in UTC."),
  only: optional(z.strictObject({ weekday: z.enum(weekdays).describe("The weekday, in UTC.") })).describe(
    'The only weekday on which a run does its work, such as `{ weekday: "saturday" }` for the first Saturday on days 1 to 7.',
  ),
  startingDeadline: duration.describe("The longest time after its schedule that a run may still start."),
  freshness: optional(query("SELECT max(created_at) FROM events")).describe(
    "SQL for the newest time in the data: no older than the recovery point when the dump began.",
  ),
  assertions: optional(z.array(query("SELECT count(*) > 0 FROM plans"))).describe(
    "SQL of which each must return true on what was restored.",
  ),
});

/**
 * How the restore of a backup is rehearsed: into a server of the drill's own, inside its pod. It names no target, because it has none.
 * Its deadline is the service's recovery time.
 */
export interface Drill extends z.output<typeof drillSchema> {}
