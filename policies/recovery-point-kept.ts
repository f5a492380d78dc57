import { recoveryPointFaults } from "../domain/backup/recoveryPoint.ts";
import { definePolicy } from "./definePolicy.ts";

export const recoveryPointKept = definePolicy({
  name: "recovery-point-kept",
  description: "A backup that runs as scheduled never loses more than was promised.",
  severity: "critical",
  types: ["kubernetes:batch/v1:CronJob"],
  faults: ({ props }, guard) => recoveryPointFaults(props, guard),
});
