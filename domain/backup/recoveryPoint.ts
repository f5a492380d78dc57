import { datastoreOf, keptRecoveryPoint, type PromisedRecovery } from "../declaration/datastoreOf.ts";
import type { Backup, Service } from "../declaration/service.ts";
import { type Cadence, worstCaseAge, worstCaseSum } from "../jobs/maintenanceJob.ts";
import { type CronJobSpec, shownSchedule } from "../kubernetes/cronJob.ts";
import { type Attempt, runCheck } from "../values/attempt.ts";
import { formatSeconds, seconds } from "../values/duration.ts";
import { type Fault, redacted } from "../values/fault.ts";
import { readable } from "../values/readable.ts";
import { parseSchedule, shortestGap } from "../values/schedule.ts";
import { bytes } from "../values/size.ts";
import { kindOf } from "./datastores/kinds.ts";
import { podScratchFaults, SCRATCH } from "./scratch.ts";

/** Annotation of a backup's CronJob: the most data that a failure may lose, as time, such as `26h`. */
export const RECOVERY_POINT = "upkeep/recovery-point";
/** Annotation of a backup's CronJob: how many failed runs in a row that promise survives. */
const SURVIVES = "upkeep/survives";
/** Annotation of a backup's CronJob: how far behind its source the data of a run may be, if that is declared. */
const LAG = "upkeep/max-lag";
/** Label of a CronJob: the name of the datastore that it backs up. */
export const DATASTORE = "upkeep/datastore";

/** Annotations that state a backup's promise on its CronJob, so that the policy can judge the object alone. */
export function recoveryPointAnnotations(
  service: Pick<Service, "datastores"> & PromisedRecovery,
  backup: Backup,
): Record<string, string> {
  const datastore = datastoreOf(service, backup);
  const scratch = datastore && kindOf(datastore).scratch(datastore)?.backup;
  const lag = datastore && kindOf(datastore).lag(datastore);
  return {
    [RECOVERY_POINT]: keptRecoveryPoint(service, backup).value,
    [SURVIVES]: String(backup.survives ?? 0),
    ...(scratch && { [SCRATCH]: scratch }),
    ...(lag && { [LAG]: lag }),
  };
}

/** The part of a CronJob (batch/v1) that the rule reads. */
export interface BackupCronJob {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: CronJobSpec;
}

type RecoveryPointCheck = (cronJob: BackupCronJob) => Fault[];

/**
 * Faults by which a backup's CronJob cannot keep the recovery point that it promises. A CronJob without a promise is judged only if its
 * label names a datastore: then the promise is missing.
 */
export function recoveryPointFaults(cronJob: BackupCronJob, attempt: Attempt = runCheck): Fault[] {
  const { metadata, spec } = cronJob;
  if (metadata?.annotations?.[RECOVERY_POINT] === undefined) {
    // A suspended CronJob without a promise, such as a restore, runs only when a person starts it.
    if (metadata?.labels?.[DATASTORE] === undefined || spec?.suspend === true) return [];
    return [
      {
        code: "missing-recovery-point",
        path: annotation(RECOVERY_POINT),
        got: undefined,
        allowed: aDuration,
        fix: promiseOne,
      },
    ];
  }
  const unreadable = readings.flatMap((check) => attempt(() => check(cronJob)));
  const kept = unreadable.length > 0 ? [] : attempt(() => arithmetic(cronJob));
  return [...unreadable, ...assumptions.flatMap((check) => attempt(() => check(cronJob))), ...kept];
}

const aDuration = "the most data that a failure may lose, as time, such as 26h";
const promiseOne = `set ${RECOVERY_POINT}: "26h", with what the datastore's service promises`;

/** Whether the promise is a time. */
export const promiseReadable: RecoveryPointCheck = ({ metadata }) => {
  const promised = metadata?.annotations?.[RECOVERY_POINT];
  return readable(() => seconds(promised ?? ""))
    ? []
    : [
        {
          code: "duration-unreadable",
          path: annotation(RECOVERY_POINT),
          got: redacted(promised),
          allowed: aDuration,
          fix: promiseOne,
        },
      ];
};

/** Whether the longest gap between two runs can be computed. */
export const scheduleReadable: RecoveryPointCheck = ({ spec }) =>
  readable(() => parseSchedule(spec?.schedule ?? ""))
    ? []
    : [
        {
          code: "schedule-unreadable",
          path: "spec.schedule",
          got: shownSchedule(spec?.schedule),
          allowed: "a schedule whose longest gap can be computed",
          fix: 'write for example "0 2 * * *"',
        },
      ];

/** The fields that the worst-case loss is computed from. */
const readings: RecoveryPointCheck[] = [
  promiseReadable,
  ({ metadata }) => {
    const survives = metadata?.annotations?.[SURVIVES] ?? "0";
    return /^\d{1,3}$/.test(survives)
      ? []
      : [
          {
            code: "malformed-survives",
            path: annotation(SURVIVES),
            got: redacted(survives),
            allowed: "how many failed runs in a row the promise survives",
            fix: `set ${SURVIVES}: "0"`,
          },
        ];
  },
  scheduleReadable,
  ({ spec }) =>
    aLimit(spec?.startingDeadlineSeconds, "spec.startingDeadlineSeconds", "a run could start at any time later"),
  ({ spec }) =>
    aLimit(
      spec?.jobTemplate?.spec?.activeDeadlineSeconds,
      "spec.jobTemplate.spec.activeDeadlineSeconds",
      "a run could last for ever",
    ),
  ({ metadata }) => {
    const lag = metadata?.annotations?.[LAG];
    return lag === undefined || readable(() => seconds(lag))
      ? []
      : [
          {
            code: "duration-unreadable",
            path: annotation(LAG),
            got: redacted(lag),
            allowed: "how far behind a standby may be, as time, such as 5m",
            fix: `set ${LAG}: "5m", with the datastore's maxLag`,
          },
        ];
  },
];

/** The assumptions of that computation. */
const assumptions: RecoveryPointCheck[] = [
  scratch,
  ({ spec }) =>
    spec?.suspend === true
      ? [
          {
            code: "suspended-backup",
            path: "spec.suspend",
            got: "true",
            allowed: "false",
            fix: "remove it: a suspended CronJob makes no backup",
          },
        ]
      : [],
  ({ spec }) => {
    const zone = spec?.timeZone;
    if (zone === "Etc/UTC" || zone === "UTC") return [];
    // Not redacted() alone: a zone's name has a slash.
    const got = zone !== undefined && /^[\w+/-]{1,40}$/.test(zone) ? `"${zone}"` : redacted(zone);
    const fix = 'set "Etc/UTC": in a zone with summer time a run can be skipped';
    return [{ code: "time-zone-not-utc", path: "spec.timeZone", got, allowed: "Etc/UTC, UTC", fix }];
  },
  ({ spec }) => {
    const deadline = spec?.jobTemplate?.spec?.activeDeadlineSeconds;
    const gap = shortestGapOf(spec?.schedule);
    if (spec?.concurrencyPolicy !== "Replace" || deadline === undefined || gap === undefined || deadline < gap)
      return [];
    const allowed = `below ${gap} (${formatSeconds(gap)}): under Replace the next run would end this one`;
    const fix = "shorten it, or set concurrencyPolicy to Forbid";
    return [
      {
        code: "run-ended-by-next",
        path: "spec.jobTemplate.spec.activeDeadlineSeconds",
        got: redacted(deadline),
        allowed,
        fix,
      },
    ];
  },
];

/** Every run without the space that it needs fails. */
function scratch({ metadata, spec }: BackupCronJob): Fault[] {
  const needed = metadata?.annotations?.[SCRATCH];
  if (needed === undefined) return [];
  if (readable(() => bytes(needed))) return podScratchFaults(spec?.jobTemplate?.spec?.template?.spec ?? {}, needed);
  const allowed = "the space that a run needs, such as 20Gi";
  return [
    {
      code: "size-unreadable",
      path: annotation(SCRATCH),
      got: redacted(needed),
      allowed,
      fix: `set ${SCRATCH}: "20Gi"`,
    },
  ];
}

function arithmetic({ metadata, spec }: BackupCronJob): Fault[] {
  const promised = metadata?.annotations?.[RECOVERY_POINT] ?? "";
  const cadence: Cadence = {
    schedule: spec?.schedule ?? "",
    startingDeadline: `${spec?.startingDeadlineSeconds}s`,
    deadline: `${spec?.jobTemplate?.spec?.activeDeadlineSeconds}s`,
    survives: Number(metadata?.annotations?.[SURVIVES] ?? 0),
    lag: metadata?.annotations?.[LAG],
  };
  const loss = worstCaseAge(cadence);
  if (loss < seconds(promised)) return [];
  return [
    {
      code: "recovery-point-missed",
      path: "spec.schedule",
      got: `"${cadence.schedule}", which can lose ${formatSeconds(loss)} (${worstCaseSum(cadence)})`,
      allowed: `less than the recovery point of ${promised}`,
      fix: "run it more often, shorten its deadlines, or promise a longer recovery point",
    },
  ];
}

function aLimit(value: unknown, path: string, without: string): Fault[] {
  if (Number.isSafeInteger(value) && (value as number) > 0) return [];
  return [
    {
      code: "no-time-limit",
      path,
      got: redacted(value),
      allowed: "a whole number of seconds above 0",
      fix: `set it: without it ${without}`,
    },
  ];
}

function shortestGapOf(schedule: string | undefined): number | undefined {
  try {
    return shortestGap(parseSchedule(schedule ?? ""));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function annotation(name: string): string {
  return `metadata.annotations["${name}"]`;
}
