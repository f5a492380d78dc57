import { faultsOf } from "../declaration/parse.ts";
import { cronJobName, duration } from "../declaration/texts.ts";
import { SHORTEST_STARTING_DEADLINE } from "../kubernetes/cronJob.ts";
import { DAY, formatSeconds, seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { longestGap, shortestGap } from "../values/schedule.ts";
import { guardedSchedule, scheduleFaults, type WeekdayGuard } from "../values/weekdayGuard.ts";

/** When a maintenance job runs, and its deadlines. */
export interface JobTimes {
  name: string;
  schedule: string;
  /** The condition for a run to do its work. */
  only?: WeekdayGuard;
  startingDeadline: string;
  deadline: string;
}

/** How long a job must be stale before the alert fires; a run that succeeds meanwhile clears it. */
export const STALE_FOR = "5m";

/** The times that decide how old a job's newest result can become. */
export interface Cadence extends Omit<JobTimes, "name"> {
  /** How many failed runs in a row to include. @default 0 */
  survives?: number;
  /** How much older than a run its result may be. */
  lag?: string | undefined;
}

/**
 * The longest time, in seconds, between two results of a job that runs as declared: the longest gap between two runs, once more
 * for each survived failed run, plus the starting deadline, plus the deadline, plus the lag.
 *
 * @throws RangeError when the schedule or a deadline cannot be read
 */
export function worstCaseAge({ schedule, only, startingDeadline, deadline, survives = 0, lag }: Cadence): number {
  const gap = longestGap(guardedSchedule(schedule, only));
  return gap * (1 + survives) + seconds(startingDeadline) + seconds(deadline) + (lag ? seconds(lag) : 0);
}

/** worstCaseAge written as a sum, for a person to check. @throws RangeError as worstCaseAge does */
export function worstCaseSum({ schedule, only, startingDeadline, deadline, survives = 0, lag }: Cadence): string {
  const runs = survives === 1 ? "a failed run" : `${survives} failed runs`;
  return [
    `longest gap ${formatSeconds(longestGap(guardedSchedule(schedule, only)))}`,
    ...(survives > 0 ? [`the same ${survives === 1 ? "" : `${survives} times `}to survive ${runs}`] : []),
    `starting deadline ${formatSeconds(seconds(startingDeadline))}`,
    `deadline ${formatSeconds(seconds(deadline))}`,
    ...(lag ? [`lag ${formatSeconds(seconds(lag))}`] : []),
  ].join(" + ");
}

/** Faults of a job's times: a run must end before the next one is due. */
export function jobFaults({ name, schedule, only, startingDeadline, deadline }: JobTimes): Fault[] {
  const faults = faultsOf(cronJobName, name, "name");
  const unreadable = [
    ...scheduleFaults(schedule, only),
    ...faultsOf(duration, startingDeadline, "startingDeadline"),
    ...faultsOf(duration, deadline, "deadline"),
  ];
  // Only valid times can be compared.
  if (unreadable.length > 0) return [...faults, ...unreadable];
  const runs = guardedSchedule(schedule, only);
  const gap = shortestGap(runs);
  for (const [path, value] of Object.entries({ startingDeadline, deadline })) {
    if (seconds(value) >= gap) {
      faults.push({
        code: "deadline-outlasts-interval",
        path,
        got: value,
        allowed: `less than ${formatSeconds(gap)}, the shortest gap of schedule "${schedule}"`,
        fix: "shorten it, or run the job less often",
      });
    }
  }
  if (seconds(startingDeadline) < SHORTEST_STARTING_DEADLINE) {
    faults.push({
      code: "starting-deadline-too-short",
      path: "startingDeadline",
      got: startingDeadline,
      allowed: `${SHORTEST_STARTING_DEADLINE}s or more`,
      fix: "lengthen it",
    });
  }
  const latest = (runs.minutes.at(-1) as number) * 60 + seconds(startingDeadline) + seconds(deadline);
  if (only && latest > DAY) {
    faults.push({
      code: "runs-cross-midnight",
      path: "schedule",
      got: `"${schedule}", whose last run of a day can start or retry until ${formatSeconds(latest - DAY)} after midnight`,
      allowed: `runs that end within their day: every attempt checks whether it is ${only.weekday}`,
      fix: "run it earlier, or shorten its deadlines",
    });
  }
  return faults;
}
