import { formatSeconds, seconds } from "./duration.ts";
import type { Fault } from "./fault.ts";
import { cronJobNameFaults } from "./names.ts";
import { longestGap, parseSchedule, shortestGap } from "./schedule.ts";

/** When a maintenance job runs, and how long it may wait and work. */
export interface JobTimes {
  name: string;
  schedule: string;
  startingDeadline: string;
  deadline: string;
}

/** The controller looks at a CronJob every 10 seconds; a shorter starting deadline can miss every run. */
export const SHORTEST_STARTING_DEADLINE = 10;

/** The times that decide how old a job's newest result can become. */
export interface Cadence extends Omit<JobTimes, "name"> {
  /** How many failed runs in a row are counted in; none where left out. */
  survives?: number;
}

/**
 * The longest time, in seconds, between two results of a job while all goes as declared: the longest gap between two runs, once
 * more for each failed run that is survived, plus how late a run may start, plus how long it may take.
 *
 * @throws RangeError when the schedule or a deadline cannot be read
 */
export function worstCaseAge({ schedule, startingDeadline, deadline, survives = 0 }: Cadence): number {
  return longestGap(parseSchedule(schedule)) * (1 + survives) + seconds(startingDeadline) + seconds(deadline);
}

/** The sum that worstCaseAge is, for a person to check. @throws RangeError as worstCaseAge does */
export function worstCaseSum({ schedule, startingDeadline, deadline, survives = 0 }: Cadence): string {
  const runs = survives === 1 ? "a failed run" : `${survives} failed runs`;
  return [
    `longest gap ${formatSeconds(longestGap(parseSchedule(schedule)))}`,
    ...(survives > 0 ? [`the same ${survives === 1 ? "" : `${survives} times `}to survive ${runs}`] : []),
    `starting deadline ${formatSeconds(seconds(startingDeadline))}`,
    `deadline ${formatSeconds(seconds(deadline))}`,
  ].join(" + ");
}

/** What keeps a job's times from working together: a run must be over before the next one is due. */
export function jobFaults({ name, schedule, startingDeadline, deadline }: JobTimes): Fault[] {
  const faults = cronJobNameFaults("name", name);
  try {
    const gap = shortestGap(parseSchedule(schedule));
    for (const [path, value] of Object.entries({ startingDeadline, deadline })) {
      if (seconds(value) >= gap) {
        faults.push({
          path,
          got: value,
          allowed: `less than ${formatSeconds(gap)}, the shortest gap of schedule "${schedule}"`,
          fix: "shorten it, or run the job less often",
        });
      }
    }
    if (seconds(startingDeadline) < SHORTEST_STARTING_DEADLINE) {
      faults.push({
        path: "startingDeadline",
        got: startingDeadline,
        allowed: `${SHORTEST_STARTING_DEADLINE}s or more`,
        fix: "lengthen it",
      });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    faults.push({
      path: "schedule, startingDeadline or deadline",
      got: "not readable",
      allowed: error.message,
      fix: "correct it",
    });
  }
  return faults;
}
