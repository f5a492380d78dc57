import { z } from "zod";
import { optional, text } from "../values/schema.ts";
import { weekdays } from "../values/weekday.ts";
import { cronJobName, duration, schedule, sourced } from "./texts.ts";

/** The drill embeds the query in another one, so it must be a single SELECT without a semicolon. */
const query = (example: string) => text("one SELECT without a semicolon", example, /^\s*select\b[^;]*$/i);

export const drillSchema = z.strictObject({
  job: cronJobName.describe("Name of the CronJob."),
  schedule: sourced(schedule).describe("When it runs, in UTC."),
  only: optional(z.strictObject({ weekday: z.enum(weekdays).describe("The weekday, in UTC.") })).describe(
    'The only weekday on which a run does its work, such as `{ weekday: "saturday" }` for the first Saturday on days 1 to 7.',
  ),
  startingDeadline: duration.describe("The longest time after its schedule that a run may still start."),
  freshness: optional(query("SELECT max(created_at) FROM events")).describe(
    "SQL that returns the newest time in the data, which must be no older than the recovery point when the dump began.",
  ),
  assertions: optional(z.array(query("SELECT count(*) > 0 FROM plans"))).describe(
    "SQL queries that must each return true on the restored data.",
  ),
});

/**
 * A scheduled restore of a backup into the drill's own server, inside its pod: it has no target. Its deadline is the service's recovery
 * time.
 */
export interface Drill extends z.output<typeof drillSchema> {}
