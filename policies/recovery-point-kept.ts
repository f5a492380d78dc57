import { type BackupCronJob, recoveryPointFaults } from "../domain/backup/recoveryPoint.ts";
import { type VeleroSchedule, veleroScheduleFaults, veleroScheduleShape } from "../domain/backup/veleroSchedule.ts";
import { type CronJobSpec, cronJobShape } from "../domain/kubernetes/cronJob.ts";
import type { WrittenObject } from "../domain/kubernetes/writtenObjects.ts";
import type { Fault } from "../domain/values/fault.ts";
import { defineObjectPolicy, fieldsOf } from "./defineObjectPolicy.ts";

export const recoveryPointKept = defineObjectPolicy({
  name: "recovery-point-kept",
  description: "A backup that runs as scheduled never loses more than was promised.",
  severity: "critical",
  blocks: "all",
  unexemptible: "the promise itself would be wrong: declare the one that is kept",
  faults: (object, attempt) => {
    if (object.group === "velero.io" && object.kind === "Schedule")
      return veleroScheduleFaults(fieldsOf<VeleroSchedule>(object, veleroScheduleShape));
    if (object.kind !== "CronJob") return [];
    const job = fieldsOf<BackupCronJob>(object, cronJobShape);
    return [...recoveryPointFaults(job, attempt), ...attempt(() => suspensionFaults(object, job.spec ?? {}))];
  },
});

/** A Patch stops a job that someone else declares, whose owner does not see it. */
function suspensionFaults({ partial }: WrittenObject, { suspend }: CronJobSpec): Fault[] {
  if (!partial || suspend !== true) return [];
  return [
    {
      code: "suspended-by-patch",
      path: "spec.suspend",
      got: "true",
      allowed: "false: a Patch stops a job behind its owner's back, and a suspended backup makes no backup",
      fix: "suspend it where it is declared",
    },
  ];
}
