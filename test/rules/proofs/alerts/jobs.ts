import { DAY } from "../../../../domain/values/duration.ts";
import { ago, cluster, kubeStateMetrics, saturday } from "../exporters.ts";
import type { Metric } from "../metric.ts";
import { thresholds } from "../mutants.ts";
import type { Proof, Subject } from "../proof.ts";

const objectOf = ({ rule: { labels } }: Subject) => ({
  namespace: labels.namespace as string,
  cronjob: labels.cronjob as string,
});

/** Whether the job does its work on one weekday only. */
const isGuarded = ({ rule }: Subject) => rule.expr.includes("day_of_week") || rule.expr.includes("upkeep:");

/** A record of Prometheus' own. */
const recorded = ({ rule: { labels } }: Subject, what: string, value: Metric["value"]): Metric => ({
  name: `upkeep:maintenance_job_${what}:timestamp`,
  labels: {
    service: labels.service as string,
    namespace: labels.namespace as string,
    cronjob: labels.cronjob as string,
  },
  value,
});

const jobProof = { others: cluster, withoutSeries: false, exporterDown: false };

export function maintenanceJobStale(subject: Subject): Proof {
  const [most] = thresholds(subject.rule.expr) as [number];
  const one = objectOf(subject);
  const [succeeded, began] = isGuarded(subject)
    ? [
        (value: Metric["value"]) => recorded(subject, "qualifying_success", value),
        (value: Metric["value"]) => recorded(subject, "watched", value),
      ]
    : [
        (value: Metric["value"]) => kubeStateMetrics("kube_cronjob_status_last_successful_time", one, value),
        (value: Metric["value"]) => kubeStateMetrics("kube_cronjob_created", one, value),
      ];
  const old = began(ago(3 * most));
  return {
    ...jobProof,
    beyond: [succeeded(ago(1.1 * most)), old],
    within: [succeeded(ago(0.9 * most)), old],
    cases: {
      "a job that never succeeded, and should have": { metrics: [began(ago(1.1 * most))], fires: true },
      "a job that never succeeded, and is young": { metrics: [began(ago(0.9 * most))], fires: false },
    },
  };
}

/** A run's series. @param failed the status of its condition Failed; absent: it has no such condition */
function run(
  { namespace, cronjob }: { namespace: string; cronjob: string },
  started: number,
  { took, failed }: { took?: number; failed?: boolean } = {},
): Metric[] {
  const labels = { namespace, job_name: `${cronjob}-${started}` };
  return [
    kubeStateMetrics("kube_job_status_start_time", labels, started),
    ...(took === undefined ? [] : [kubeStateMetrics("kube_job_status_completion_time", labels, started + took)]),
    ...(failed === undefined
      ? []
      : ["true", "false", "unknown"].map((condition) =>
          kubeStateMetrics("kube_job_failed", { ...labels, condition }, condition === String(failed) ? 1 : 0),
        )),
  ];
}

/** Two runs, the later a tenth after the earlier since 1970. */
const EARLIER = saturday(1500);
const LATER = saturday(1650);

export function maintenanceJobFailed(subject: Subject): Proof {
  const one = objectOf(subject);
  const created = kubeStateMetrics("kube_cronjob_created", one, EARLIER - 30 * DAY);
  const failed = run(one, LATER, { failed: true });
  return {
    ...jobProof,
    beyond: [created, ...run(one, EARLIER, { took: 60 }), ...failed],
    within: [created, ...run(one, EARLIER, { failed: true }), ...run(one, LATER, { took: 60 })],
    cases: {
      "the first run of all failed": { metrics: [created, ...failed], fires: true },
      "the newest run still runs": {
        metrics: [created, ...run(one, EARLIER, { took: 60 }), ...run(one, LATER)],
        fires: false,
      },
      "the newest run has not failed after all": {
        metrics: [created, ...run(one, EARLIER, { took: 60 }), ...run(one, LATER, { failed: false })],
        fires: false,
      },
      "a failed run of a CronJob whose name begins alike": {
        metrics: [created, ...run({ ...one, cronjob: `${one.cronjob}-other` }, LATER, { failed: true })],
        fires: false,
      },
      "it failed before the CronJob was made again": {
        metrics: [kubeStateMetrics("kube_cronjob_created", one, LATER), ...run(one, EARLIER, { failed: true })],
        fires: false,
      },
      ...(isGuarded(subject) && {
        "a later run did its work, and is not recorded yet": {
          metrics: [
            ...run(one, saturday(1600), { failed: true }),
            ...run(one, LATER, { took: 60 }),
            recorded(subject, "qualifying_success", EARLIER),
          ],
          fires: false,
        },
        "a run failed on a day on which it does nothing": {
          metrics: [created, ...run(one, EARLIER, { took: 60 }), ...run(one, LATER + DAY, { failed: true })],
          fires: false,
        },
        "a run completed on a day on which it does nothing": {
          metrics: [created, ...failed, ...run(one, LATER + DAY, { took: 60 })],
          fires: true,
        },
        "a later run did its work, and its Job is gone": {
          metrics: [created, ...run(one, EARLIER, { failed: true }), recorded(subject, "qualifying_success", LATER)],
          fires: false,
        },
      }),
    },
  };
}

export function maintenanceJobMissing(subject: Subject): Proof {
  const one = objectOf(subject);
  const info = (cronjob: string) =>
    kubeStateMetrics("kube_cronjob_info", { ...one, cronjob, schedule: "0 2 * * *", concurrency_policy: "Forbid" }, 1);
  return { ...jobProof, beyond: [info(`${one.cronjob}-other`)], within: [info(one.cronjob)], withoutSeries: true };
}

export function maintenanceJobSuspended(subject: Subject): Proof {
  const suspend = (value: number) => [kubeStateMetrics("kube_cronjob_spec_suspend", objectOf(subject), value)];
  return { ...jobProof, beyond: suspend(1), within: suspend(0) };
}

export function drillSlow(subject: Subject): Proof {
  const [most] = thresholds(subject.rule.expr) as [number];
  const one = objectOf(subject);
  const slow = (started: number) => run(one, started, { took: 1.1 * most });
  const quick = (started: number) => run(one, started, { took: 60 });
  return {
    ...jobProof,
    beyond: slow(LATER),
    within: run(one, LATER, { took: 0.9 * most }),
    cases: {
      "a quick drill followed a slow one": { metrics: [...slow(EARLIER), ...quick(LATER)], fires: false },
      "a slow drill followed a quick one": { metrics: [...quick(EARLIER), ...slow(LATER)], fires: true },
      "the next drill after a slow one still runs": { metrics: [...slow(EARLIER), ...run(one, LATER)], fires: true },
      ...(isGuarded(subject) && {
        "a slow drill, and a run on a day on which it does nothing": {
          metrics: [...slow(LATER), ...quick(LATER + DAY)],
          fires: true,
        },
      }),
    },
  };
}
