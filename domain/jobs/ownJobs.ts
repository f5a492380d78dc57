import { mergedPods } from "../declaration/jobPods.ts";
import type { OwnJob } from "../declaration/ownJob.ts";
import type { Service } from "../declaration/service.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { imageFault } from "../kubernetes/imageReference.ts";
import { seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { shownMinute } from "../values/instant.ts";
import { parseSchedule } from "../values/schedule.ts";
import { runOutsideWindow } from "../windows/withinWindow.ts";
import { jobPodsFaults } from "./jobPods.ts";
import { jobFaults } from "./maintenanceJob.ts";

type JobsService = Pick<Service, "ownJobs" | "jobs" | "windows">;

/** Faults of the jobs that run in the service's own image. */
export function ownJobFaults(service: JobsService, environment: EnvironmentPart<"jobs">): Fault[] {
  return (service.ownJobs ?? []).flatMap((job, index) => {
    const path = `ownJobs[${index}]`;
    return [
      ...imageFault(job.image, `${path}.image`),
      ...variablesTwice(job, path),
      ...jobPodsFaults(mergedPods(environment.jobs, service.jobs, job.jobs), `${path}.jobs`),
      ...runsFaults(service, job, path),
    ];
  });
}

function variablesTwice({ variables = {}, secrets = {} }: OwnJob, path: string): Fault[] {
  return Object.keys(secrets)
    .filter((name) => Object.hasOwn(variables, name))
    .map((name) => ({
      code: "variable-declared-twice",
      path: `${path}.secrets.${name}`,
      got: "a variable that variables sets too",
      allowed: "each variable once",
      fix: "remove one",
    }));
}

function runsFaults(service: JobsService, job: OwnJob, path: string): Fault[] {
  if (!job.runs) return [];
  const { schedule, startingDeadline, window } = job.runs;
  const times = jobFaults({ name: job.name, schedule: schedule.value, startingDeadline, deadline: job.deadline });
  const at: Record<string, string> = { name: "name", deadline: "deadline" };
  const found = times.map((fault) => ({ ...fault, path: `${path}.${at[fault.path] ?? `runs.${fault.path}`}` }));
  return found.length > 0 || window === undefined ? found : windowFaults(service, job, window, path);
}

/** Faults of a job whose runs are to disturb the service inside a window alone. */
function windowFaults({ windows }: JobsService, { runs, deadline }: OwnJob, name: string, path: string): Fault[] {
  const window = windows.find((one) => one.name === name);
  if (!window || !runs) {
    const allowed = windows.map((one) => one.name).join(", ") || "none: the service declares no window";
    const fix = "name one of them, or declare it in windows";
    return [{ code: "unknown-window", path: `${path}.runs.window`, got: `"${name}"`, allowed, fix }];
  }
  const lasts = seconds(runs.startingDeadline) + seconds(deadline);
  const outside = runOutsideWindow(window, parseSchedule(runs.schedule.value), lasts);
  if (!outside) return [];
  const { starts, closed } = outside;
  return [
    {
      code: "run-outside-window",
      path: `${path}.runs.schedule`,
      got: `"${runs.schedule.value}": the run of ${shownMinute(starts)} UTC may still go on at ${shownMinute(closed)}, when window ${name} is closed`,
      allowed: `runs that start and end while the window is open: ${runs.startingDeadline} to start and ${deadline} to end`,
      fix: "run it at another time, shorten its deadlines, or lengthen the window",
    },
  ];
}
