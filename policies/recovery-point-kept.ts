import { recoveryPointFaults } from "../domain/backup/recoveryPoint.ts";
import { cronJobShape } from "../domain/kubernetes/cronJob.ts";
import { defineObjectPolicy, fieldsOf } from "./defineObjectPolicy.ts";

export const recoveryPointKept = defineObjectPolicy({
  name: "recovery-point-kept",
  description: "A backup that runs as scheduled never loses more than was promised.",
  severity: "critical",
  blocks: "all",
  faults: (object, attempt) =>
    object.kind === "CronJob" ? recoveryPointFaults(fieldsOf(object, cronJobShape), attempt) : [],
});
