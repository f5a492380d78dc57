import { type CronJobSpec, cronJobFaults, cronJobShape } from "../domain/kubernetes/cronJob.ts";
import { defineObjectPolicy, fieldsOf } from "./defineObjectPolicy.ts";

export const cronjobEndsAndStarts = defineObjectPolicy({
  name: "cronjob-ends-and-starts",
  description: "A CronJob's runs start when they should, end, never overlap, and leave their logs.",
  severity: "high",
  // Of 10 good public CronJobs it refuses 10, and of a corpus of 1,053 every one: a default is an opinion, not a mistake.
  blocks: "ours",
  faults: (object, attempt) => {
    if (object.kind !== "CronJob") return [];
    const { spec = {} } = fieldsOf<{ spec?: CronJobSpec }>(object, cronJobShape);
    return cronJobFaults(spec, "spec", attempt);
  },
});
