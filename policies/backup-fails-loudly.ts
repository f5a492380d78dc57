import { scriptFaults } from "../domain/backup/script.ts";
import { defineObjectPolicy, podOf } from "./defineObjectPolicy.ts";

export const backupFailsLoudly = defineObjectPolicy({
  name: "backup-fails-loudly",
  description:
    "A dump or an upload that fails makes its run fail, so that the alert fires and no empty backup passes for a good one.",
  severity: "critical",
  blocks: "ours",
  faults: (object, attempt) => {
    const pod = ["CronJob", "Job"].includes(object.kind) ? podOf(object) : undefined;
    return pod ? scriptFaults(pod.template.spec ?? {}, pod.at, attempt) : [];
  },
});
