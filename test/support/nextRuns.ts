import { Cron } from "croner";
import type { Schedule } from "../../domain/values/schedule.ts";

/** The schedule's next `count` runs after a moment, without the moment itself. */
export function nextRuns(schedule: Schedule, after: Date, count: number): Date[] {
  const cron = new Cron(schedule.normalized, { timezone: "Etc/UTC" });
  const runs: Date[] = [];
  let run: Date | null = after;
  while (runs.length < count) {
    run = cron.nextRun(run);
    if (run === null) break;
    if (schedule.firesOn(run)) runs.push(run);
  }
  return runs;
}
