import { type CronJobSpec, cronJobFaults } from "../domain/kubernetes/cronJob.ts";
import { definePolicy } from "./definePolicy.ts";

export const cronjobHardened = definePolicy({
  name: "cronjob-hardened",
  description: "A CronJob's runs start on time, end, leave a trace, and can harm nothing else on the node.",
  severity: "high",
  types: ["kubernetes:batch/v1:CronJob"],
  faults: ({ props }, guard) => cronJobFaults((props.spec ?? {}) as CronJobSpec, "spec", guard),
});
