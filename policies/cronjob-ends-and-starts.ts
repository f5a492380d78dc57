import { type CronJobSpec, cronJobFaults, cronJobShape } from "../domain/kubernetes/cronJob.ts";
import type { WrittenObject } from "../domain/kubernetes/writtenObjects.ts";
import type { Fault } from "../domain/values/fault.ts";
import { defineObjectPolicy, fieldsOf } from "./defineObjectPolicy.ts";

export const cronjobEndsAndStarts = defineObjectPolicy({
  name: "cronjob-ends-and-starts",
  description: "A CronJob's runs start when they should, end, never overlap, and leave their logs.",
  severity: "high",
  blocks: "all",
  faults: (object, attempt) => {
    if (object.kind !== "CronJob") return [];
    const { spec = {} } = fieldsOf<{ spec?: CronJobSpec }>(object, cronJobShape);
    return [...cronJobFaults(spec, "spec", attempt), ...attempt(() => suspensionFaults(object, spec))];
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
