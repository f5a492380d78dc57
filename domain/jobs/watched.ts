import type { Fault } from "../values/fault.ts";
import { holds, type LabelCondition, type Selector, selectorsOf } from "../values/selectors.ts";

/** A rule of Prometheus, as far as watching a job goes. */
export interface WatchingRule {
  alert?: string;
  record?: string;
  expr: string;
  severity?: string;
}

/** A rule with what its expression selects: read once, for all jobs. */
export type ReadRule = WatchingRule & { selectors: Selector[] };

/** The rules of a stack that may say something of a job's successes. */
export function readRules(rules: readonly WatchingRule[]): ReadRule[] {
  return rules.map((rule) => ({ ...rule, selectors: selectorsOf(rule.expr) }));
}

/** The CronJob that should be watched. */
export interface WatchedJob {
  name: string;
  /** Undefined where the CronJob does not say it. */
  namespace: string | undefined;
}

/** Why no alert would notice that a job does not succeed any more. */
interface Gap {
  code: string;
  got: string;
  fix: string;
}

const gaps: Record<"unwatched" | "whileSuspended" | "beforeFirst", Gap> = {
  unwatched: {
    code: "backup-unwatched",
    got: "a CronJob whose last success no alert of the stack looks at",
    fix: "add an alert on time() - kube_cronjob_status_last_successful_time of this CronJob, or let Upkeep's component make the job with its alerts",
  },
  whileSuspended: {
    code: "backup-unwatched-while-suspended",
    got: "a CronJob whose only alert stays silent while it is suspended",
    fix: "take kube_cronjob_spec_suspend out of that alert, or add an alert on kube_cronjob_spec_suspend == 1",
  },
  beforeFirst: {
    code: "backup-unwatched-before-first-success",
    got: "a CronJob whose alert has no series until its first success",
    fix: "add `or kube_cronjob_created{…}` to the expression, or an alert on absent(…)",
  },
};

/**
 * Faults of a backup's CronJob that may fail, hang, be suspended or never run without anyone being notified.
 *
 * @param rules all alerts and recording rules of the stack
 */
export function unwatchedFaults(job: WatchedJob, rules: readonly ReadRule[]): Fault[] {
  const records = recordsOfSuccess(job, rules);
  const alerts = rules.filter(({ alert, severity }) => alert !== undefined && severity !== "none");
  const isSuccess = (selector: Selector) => selects(selector, job, records);
  const watching = alerts.filter(({ selectors }) => selectors.some((one) => isSuccess(one) && noticesSilence(one)));
  if (watching.length === 0) return [fault(gaps.unwatched)];
  const onSuspension = (selector: Selector) => selector.metric === SUSPENDED && isOf(selector.conditions, job);
  const awake = watching.filter(({ selectors }) => !selectors.some(onSuspension));
  const ofSuspension = alerts.some(
    ({ selectors }) => selectors.some(onSuspension) && !selectors.some((one) => isSuccess(one)),
  );
  const early = watching.some(({ selectors }) =>
    selectors.some((one) => isSuccess(one) && (one.hasSubstitute || one.within.some(isAbsence))),
  );
  return [
    ...(awake.length === 0 && !ofSuspension ? [fault(gaps.whileSuspended)] : []),
    ...(early ? [] : [fault(gaps.beforeFirst)]),
  ];
}

const SUSPENDED = "kube_cronjob_spec_suspend";

/** Metrics of the last success, of kube-state-metrics and of what jobs push themselves. */
const success = /(?:^|[_:])(?:success(?:es|ful)?|succeeded_at|completion_time)(?:[_:]|$)/;

/** The recorded metrics that are made of a success of the job. */
function recordsOfSuccess(job: WatchedJob, rules: readonly ReadRule[]): Set<string> {
  const known = new Set<string>();
  for (const { record, selectors } of rules) {
    if (record !== undefined && selectors.some((one) => selects(one, job, known))) known.add(record);
  }
  return known;
}

function selects({ metric = "", conditions }: Selector, job: WatchedJob, records: ReadonlySet<string>): boolean {
  if (!success.test(metric) && !records.has(metric)) return false;
  // A generic rule for all CronJobs is one of kube-state-metrics; any other metric has to name the job.
  return isOf(conditions, job) && (/^kube_(?:cron)?job_/.test(metric) || conditions.some((one) => names(one, job)));
}

/** Whether the series may be of the job. */
function isOf(conditions: readonly LabelCondition[], { name, namespace }: WatchedJob): boolean {
  return conditions.every((condition) => {
    if (/^(?:exported_)?namespace$/.test(condition.label))
      return namespace === undefined || holds(condition, namespace);
    if (/^(?:exported_)?cronjob$/.test(condition.label)) return holds(condition, name);
    // The number is the minute for which the controller started the Job.
    if (condition.label === "job_name") return holds(condition, `${name}-29000000`) || holds(condition, name);
    return true;
  });
}

function names(condition: LabelCondition, { name }: WatchedJob): boolean {
  return condition.operator.startsWith("=") && holds(condition, name);
}

function noticesSilence({ isAged, within }: Selector): boolean {
  return (
    isAged || within.some((name) => isAbsence(name) || /^(?:increase|rate|delta|changes|count_over_time)$/.test(name))
  );
}

function isAbsence(name: string): boolean {
  return /^absent(?:_over_time)?$/.test(name);
}

function fault({ code, got, fix }: Gap): Fault {
  const allowed = "an alert of the stack that fires when this CronJob has not succeeded for too long";
  return { code, path: "metadata.name", got, allowed, fix };
}
