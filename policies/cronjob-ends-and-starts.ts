import { DATASTORE, RECOVERY_POINT } from "../domain/backup/recoveryPoint.ts";
import { type CronJobSpec, cronJobFaults, cronJobShape } from "../domain/kubernetes/cronJob.ts";
import { defineObjectPolicy, fieldsOf } from "./defineObjectPolicy.ts";

interface CronJob {
  metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec?: CronJobSpec;
}

export const cronjobEndsAndStarts = defineObjectPolicy({
  name: "cronjob-ends-and-starts",
  description: "A CronJob's runs start when they should, end, never overlap, and leave their logs.",
  severity: "high",
  // Of 10 good public CronJobs it refuses 10, and of a corpus of 1,053 every one: a default is an opinion, not a mistake.
  blocks: "ours",
  remediates: true,
  faults: (object, attempt) => {
    if (object.kind !== "CronJob") return [];
    const job = fieldsOf<CronJob>(object, cronJobShape);
    return cronJobFaults(job.spec ?? {}, "spec", attempt).map(({ remedy, ...fault }) =>
      remedy === undefined || (fault.code === "starting-deadline-invalid" && mayPromise(job))
        ? fault
        : { ...fault, remedy },
    );
  },
});

/** Whether the job may have a recovery point, of which its starting deadline is a part. */
function mayPromise({ metadata }: CronJob): boolean {
  try {
    return metadata?.annotations?.[RECOVERY_POINT] !== undefined || metadata?.labels?.[DATASTORE] !== undefined;
  } catch {
    // Unknown, or no object.
    return true;
  }
}
