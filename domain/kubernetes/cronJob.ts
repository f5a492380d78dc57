import type { V1CronJobSpec } from "@kubernetes/client-node";
import { type Attempt, runCheck } from "../values/attempt.ts";
import { formatSeconds } from "../values/duration.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { longestGap, parseSchedule, ScheduleError, shortestGap } from "../values/schedule.ts";
import type { Shape } from "../values/shape.ts";
import { isTimeZone } from "../values/timeZone.ts";
import { podShape } from "./podSpec.ts";
import type { Written } from "./written.ts";

/** The controller looks at a CronJob every 10 seconds; a shorter starting deadline can miss every run. */
export const SHORTEST_STARTING_DEADLINE = 10;

/** Annotation of a pod: `none` if the cluster assigns the numeric users of its containers. */
export const USERS = "upkeep/users";

/** A CronJob's specification (CronJobSpec of batch/v1). */
export type CronJobSpec = Written<V1CronJobSpec>;

/** The fields of a CronJob that checks read. */
export const cronJobShape: Shape = {
  metadata: { labels: { "*": "text" }, annotations: { "*": "text" } },
  spec: {
    schedule: "text",
    timeZone: "text",
    suspend: "boolean",
    concurrencyPolicy: "text",
    startingDeadlineSeconds: "number",
    successfulJobsHistoryLimit: "number",
    failedJobsHistoryLimit: "number",
    jobTemplate: {
      spec: {
        activeDeadlineSeconds: "number",
        backoffLimit: "number",
        ttlSecondsAfterFinished: "number",
        template: { metadata: { annotations: { "*": "text" } }, spec: podShape },
      },
    },
  },
};

type CronJobCheck = (cronJob: CronJobSpec, at: string) => Fault[];

/**
 * Faults of a CronJob whose runs would not start, not end, overlap or leave no log.
 *
 * @param at path of the CronJob's specification
 * @returns all faults
 */
export function cronJobFaults(cronJob: CronJobSpec, at = "spec", attempt: Attempt = runCheck): Fault[] {
  return checks.flatMap((check) => attempt(() => check(cronJob, at)));
}

const checks: CronJobCheck[] = [
  drift,
  missingTimeZone,
  concurrencyPolicy,
  startingDeadline,
  activeDeadline,
  activeDeadlineFits,
  history("successfulJobsHistoryLimit"),
  history("failedJobsHistoryLimit"),
  timeToLive,
  restartPolicy,
  backoffLimit,
];

/** Faults of a schedule or a time zone that the API refuses, or by which no run ever starts. */
export function cronJobTimeFaults(cronJob: CronJobSpec, at = "spec", attempt: Attempt = runCheck): Fault[] {
  return [schedule, timeZone].flatMap((check) => attempt(() => check(cronJob, at)));
}

function schedule({ schedule, suspend }: CronJobSpec, at: string): Fault[] {
  const error = schedule === undefined ? undefined : scheduleError(schedule);
  if (schedule !== undefined && (error === undefined || suspend === true || isDrift(schedule))) return [];
  const shown = shownSchedule(schedule);
  const why =
    schedule !== undefined && zoneInside.test(schedule) ? "Kubernetes refuses a zone in a schedule" : error?.why;
  return [
    {
      code: "cronjob-schedule-invalid",
      path: `${at}.schedule`,
      // The reason quotes the text.
      got: shown?.startsWith('"') && why ? `${shown}: ${why}` : shown,
      allowed: error?.allowed ?? "five cron fields, or a descriptor such as @daily",
      fix: why === error?.why ? 'write for example "0 2 * * *"' : "set timeZone instead",
    },
  ];
}

const zoneInside = /^(?:CRON_)?TZ=/;

/** The API takes such a schedule, but its runs shift with each restart of the controller. */
function drift({ schedule }: CronJobSpec, at: string): Fault[] {
  if (schedule === undefined || !isDrift(schedule)) return [];
  return [
    {
      code: "cronjob-schedule-drifts",
      path: `${at}.schedule`,
      got: shownSchedule(schedule),
      allowed:
        "five cron fields, or a descriptor such as @daily: runs of @every shift with each restart of the controller",
      fix: 'write for example "0 2 * * *"',
    },
  ];
}

function isDrift(schedule: string): boolean {
  return schedule.startsWith("@every");
}

function missingTimeZone({ timeZone }: CronJobSpec, at: string): Fault[] {
  if (timeZone !== undefined) return [];
  const fix = 'set "Etc/UTC": the controller\'s own zone can change';
  return [
    {
      code: "missing-time-zone",
      path: `${at}.timeZone`,
      got: undefined,
      allowed: "a name of the time zone database",
      fix,
    },
  ];
}

function timeZone({ timeZone }: CronJobSpec, at: string): Fault[] {
  if (timeZone === undefined || isTimeZone(timeZone) || oldZones.has(timeZone)) return [];
  // A zone's name has a slash; any other text may be a secret.
  const got = /^[\w+/-]{1,40}$/.test(timeZone) ? `"${timeZone}"` : `${timeZone.length} characters`;
  return [
    {
      code: "cronjob-time-zone-invalid",
      path: `${at}.timeZone`,
      got,
      allowed: "a name of the time zone database, spelled as there",
      fix: 'write for example "Etc/UTC" or "Europe/Berlin"',
    },
  ];
}

/** Names without a region, which the time zone database keeps for old configurations. Source: its file `backward`. */
const oldZones = new Set(
  (
    "CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel Jamaica Japan " +
    "Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT Universal W-SU WET Zulu"
  ).split(" "),
);

function concurrencyPolicy({ concurrencyPolicy, jobTemplate }: CronJobSpec, at: string): Fault[] {
  if (concurrencyPolicy === "Forbid" || concurrencyPolicy === "Replace") return [];
  const fault = {
    code: "cronjob-runs-overlap",
    path: `${at}.concurrencyPolicy`,
    got: redacted(concurrencyPolicy),
    allowed: "Forbid, Replace",
    fix: "set Forbid: the default, Allow, starts a second run beside a slow one",
  };
  // Without a deadline a run that hangs would block every later one.
  return [(jobTemplate?.spec?.activeDeadlineSeconds ?? 0) > 0 ? { ...fault, remedy: "Forbid" } : fault];
}

function startingDeadline({ startingDeadlineSeconds, schedule }: CronJobSpec, at: string): Fault[] {
  if (startingDeadlineSeconds !== undefined && startingDeadlineSeconds >= SHORTEST_STARTING_DEADLINE) return [];
  const fault = {
    code: "starting-deadline-invalid",
    path: `${at}.startingDeadlineSeconds`,
    got: redacted(startingDeadlineSeconds),
    allowed: `${SHORTEST_STARTING_DEADLINE} or more`,
    fix: "set how late a run may still start, for example 300",
  };
  // Until the next run is due the latest missed one still starts, as without a deadline.
  const interval = intervalOf(schedule, longestGap);
  return [interval === undefined ? fault : { ...fault, remedy: interval }];
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
  const { schedule, suspend } = cronJob;
  const deadline = cronJob.jobTemplate?.spec?.activeDeadlineSeconds;
  const interval = suspend === true ? undefined : intervalOf(schedule, shortestGap);
  if (deadline === undefined || interval === undefined || deadline < interval) return [];
  const path = `${at}.jobTemplate.spec.activeDeadlineSeconds`;
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

/** What the API server writes where the field is missing. */
const HISTORY_DEFAULTS = { successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 };

function history(field: keyof typeof HISTORY_DEFAULTS): CronJobCheck {
  return (cronJob, at) => {
    const limit = cronJob[field];
    if (limit !== undefined && limit >= 1 && limit <= 10) return [];
    return [
      {
        code: "history-limit-invalid",
        path: `${at}.${field}`,
        got: redacted(limit),
        allowed: "1 to 10",
        fix: "set for example 3: the last runs' logs are what a person reads first",
        remedy: HISTORY_DEFAULTS[field],
      },
    ];
  };
}

/** The history limits keep the last runs and their logs; a time to live deletes them sooner. */
function timeToLive({ jobTemplate, suspend }: CronJobSpec, at: string): Fault[] {
  const seconds = jobTemplate?.spec?.ttlSecondsAfterFinished;
  // A person who starts a suspended job reads its logs at once; no later run removes them.
  if (seconds === undefined || suspend === true) return [];
  return [
    {
      code: "run-deletes-its-logs",
      path: `${at}.jobTemplate.spec.ttlSecondsAfterFinished`,
      got: redacted(seconds),
      allowed: "none: it deletes a run with its logs, whatever the history limits keep",
      fix: "remove it",
    },
  ];
}

function restartPolicy({ jobTemplate }: CronJobSpec, at: string): Fault[] {
  const policy = jobTemplate?.spec?.template?.spec?.restartPolicy;
  if (policy === "Never" || policy === "OnFailure") return [];
  return [
    {
      code: "restart-policy-invalid",
      path: `${at}.jobTemplate.spec.template.spec.restartPolicy`,
      got: redacted(policy),
      allowed: "Never, OnFailure",
      fix: "set Never: each attempt then keeps its own pod and logs",
      // The API refuses a CronJob without one, so none that runs changes.
      remedy: "Never",
    },
  ];
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

/** Seconds between two runs of the schedule; undefined if the schedule is invalid. */
function intervalOf(schedule: string | undefined, gap: typeof shortestGap): number | undefined {
  return schedule === undefined || scheduleError(schedule) ? undefined : gap(parseSchedule(schedule));
}

function scheduleError(schedule: string): ScheduleError | undefined {
  try {
    parseSchedule(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error;
    throw error;
  }
}

/** A schedule as a fault may show it: only text that looks like one, because any other text may be a secret. */
export function shownSchedule(schedule: string | undefined): string | undefined {
  if (schedule === undefined) return undefined;
  const cronLike = /^(?:(?:CRON_)?TZ=[\w/+-]+ )?(?:@[a-z]+(?: \w+)?|(?:[\d\s*?,/#-]|\b[a-z]{1,3}\b)*)$/i;
  return schedule.length <= 80 && cronLike.test(schedule) ? `"${schedule}"` : `${schedule.length} characters`;
}
