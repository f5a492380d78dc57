import type { V1CronJobSpec } from "@kubernetes/client-node";
import { type Attempt, runCheck } from "../values/attempt.ts";
import { formatSeconds } from "../values/duration.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { parseSchedule, shortestGap } from "../values/schedule.ts";
import { podSpecFaults } from "./podHardening.ts";
import type { Written } from "./written.ts";

/** The controller looks at a CronJob every 10 seconds; a shorter starting deadline can miss every run. */
export const SHORTEST_STARTING_DEADLINE = 10;

/** Annotation of a pod: `none` if the cluster assigns the numeric users of its containers. */
export const USERS = "upkeep/users";

/** A CronJob's specification (CronJobSpec of batch/v1). */
export type CronJobSpec = Written<V1CronJobSpec>;

type CronJobCheck = (cronJob: CronJobSpec, at: string) => Fault[];

/**
 * Faults of a CronJob whose runs would not happen, not end or leave no log, and those of its pod (podSpecFaults).
 *
 * @param at path of the CronJob's specification
 * @returns all faults
 */
export function cronJobFaults(cronJob: CronJobSpec, at = "spec", attempt: Attempt = runCheck): Fault[] {
  return [
    ...checks.flatMap((check) => attempt(() => check(cronJob, at))),
    ...attempt(() => {
      const { metadata, spec = {} } = cronJob.jobTemplate?.spec?.template ?? {};
      const assigned = metadata?.annotations?.[USERS] === "none";
      return podSpecFaults(spec, `${at}.jobTemplate.spec.template.spec`, attempt, assigned);
    }),
  ];
}

const checks: CronJobCheck[] = [
  schedule,
  timeZone,
  concurrencyPolicy,
  startingDeadline,
  startingDeadlineFits,
  activeDeadline,
  activeDeadlineFits,
  history("successfulJobsHistoryLimit"),
  history("failedJobsHistoryLimit"),
  restartPolicy,
  backoffLimit,
];

function schedule({ schedule, suspend }: CronJobSpec, at: string): Fault[] {
  if (schedule !== undefined && (suspend === true || shortestInterval(schedule) !== undefined)) return [];
  return [
    {
      code: "cronjob-schedule-invalid",
      path: `${at}.schedule`,
      got: shownSchedule(schedule),
      allowed:
        "five cron fields (day of week 0 to 6) or a descriptor such as @daily, that meet a day; no TZ= and no @every",
      fix: 'write for example "0 2 * * *"',
    },
  ];
}

function timeZone({ timeZone }: CronJobSpec, at: string): Fault[] {
  if (timeZone !== undefined && timeZone !== "" && timeZone !== "Local") return [];
  const allowed = "a name of the time zone database";
  const got = timeZone === undefined ? undefined : `"${timeZone}"`;
  return [
    {
      code: "cronjob-time-zone-invalid",
      path: `${at}.timeZone`,
      got,
      allowed,
      fix: 'set "Etc/UTC": the controller\'s own zone can change',
    },
  ];
}

function concurrencyPolicy({ concurrencyPolicy }: CronJobSpec, at: string): Fault[] {
  if (concurrencyPolicy === "Forbid" || concurrencyPolicy === "Replace") return [];
  const path = `${at}.concurrencyPolicy`;
  const fix = "set Forbid: the default, Allow, starts a second run beside a slow one";
  return [{ code: "cronjob-runs-overlap", path, got: redacted(concurrencyPolicy), allowed: "Forbid, Replace", fix }];
}

function startingDeadline({ startingDeadlineSeconds: deadline }: CronJobSpec, at: string): Fault[] {
  if (deadline !== undefined && deadline >= SHORTEST_STARTING_DEADLINE) return [];
  const allowed = `${SHORTEST_STARTING_DEADLINE} or more`;
  const fix = "set how late a run may still start, for example 300";
  return [
    { code: "starting-deadline-invalid", path: `${at}.startingDeadlineSeconds`, got: redacted(deadline), allowed, fix },
  ];
}

function startingDeadlineFits(cronJob: CronJobSpec, at: string): Fault[] {
  return fits(cronJob.startingDeadlineSeconds, cronJob, `${at}.startingDeadlineSeconds`);
}

function activeDeadline({ jobTemplate }: CronJobSpec, at: string): Fault[] {
  const deadline = jobTemplate?.spec?.activeDeadlineSeconds;
  if (deadline !== undefined && deadline > 0) return [];
  const fix = "set the longest time that a run may take: a run that hangs would never end";
  return [
    {
      code: "active-deadline-invalid",
      path: `${at}.jobTemplate.spec.activeDeadlineSeconds`,
      got: redacted(deadline),
      allowed: "above 0",
      fix,
    },
  ];
}

/** A run that outlasts the interval makes the controller skip the next one under Forbid; under Replace the next one ends it. */
function activeDeadlineFits(cronJob: CronJobSpec, at: string): Fault[] {
  if (cronJob.concurrencyPolicy !== "Forbid") return [];
  const deadline = cronJob.jobTemplate?.spec?.activeDeadlineSeconds;
  return fits(deadline, cronJob, `${at}.jobTemplate.spec.activeDeadlineSeconds`);
}

function fits(deadline: number | undefined, { schedule, suspend }: CronJobSpec, path: string): Fault[] {
  const interval = suspend === true ? undefined : shortestInterval(schedule);
  if (deadline === undefined || interval === undefined || deadline < interval) return [];
  const allowed = `below ${interval} (${formatSeconds(interval)}), the schedule's shortest interval`;
  return [
    {
      code: "deadline-outlasts-interval",
      path,
      got: redacted(deadline),
      allowed,
      fix: "shorten it, or run the job less often",
    },
  ];
}

function history(field: "successfulJobsHistoryLimit" | "failedJobsHistoryLimit"): CronJobCheck {
  return (cronJob, at) => {
    const limit = cronJob[field];
    if (limit !== undefined && limit >= 1 && limit <= 10) return [];
    const fix = "set for example 3: the last runs' logs are what a person reads first";
    return [{ code: "history-limit-invalid", path: `${at}.${field}`, got: redacted(limit), allowed: "1 to 10", fix }];
  };
}

function restartPolicy({ jobTemplate }: CronJobSpec, at: string): Fault[] {
  const policy = jobTemplate?.spec?.template?.spec?.restartPolicy;
  if (policy === "Never" || policy === "OnFailure") return [];
  const path = `${at}.jobTemplate.spec.template.spec.restartPolicy`;
  const fix = "set Never: each attempt then keeps its own pod and logs";
  return [{ code: "restart-policy-invalid", path, got: redacted(policy), allowed: "Never, OnFailure", fix }];
}

/** Also Kubernetes' default. */
const HIGHEST_BACKOFF_LIMIT = 6;

function backoffLimit({ jobTemplate }: CronJobSpec, at: string): Fault[] {
  const limit = jobTemplate?.spec?.backoffLimit;
  if (limit === undefined || (limit >= 0 && limit <= HIGHEST_BACKOFF_LIMIT)) return [];
  const path = `${at}.jobTemplate.spec.backoffLimit`;
  const fix = "set for example 3: what fails so often needs a person";
  return [{ code: "backoff-limit-invalid", path, got: redacted(limit), allowed: `0 to ${HIGHEST_BACKOFF_LIMIT}`, fix }];
}

/** Seconds between the schedule's closest runs; undefined if the schedule is invalid. */
function shortestInterval(schedule: string | undefined): number | undefined {
  try {
    return schedule === undefined ? undefined : shortestGap(parseSchedule(schedule));
  } catch {
    return undefined;
  }
}

/** A schedule as a fault may show it: only text that looks like one, because any other text may be a secret. */
export function shownSchedule(schedule: string | undefined): string | undefined {
  if (schedule === undefined) return undefined;
  const cronLike = /^(?:(?:CRON_)?TZ=[\w/+-]+ )?(?:@[a-z]+(?: \w+)?|(?:[\d\s*?,/#-]|\b[a-z]{1,3}\b)*)$/i;
  return schedule.length <= 80 && cronLike.test(schedule) ? `"${schedule}"` : `${schedule.length} characters`;
}
