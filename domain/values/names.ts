import type { Fault } from "./fault.ts";

/** A CronJob's name may have 52 characters: its Jobs append 11. Source: kubernetes.io/docs/concepts/workloads/controllers/cron-jobs. */
const CRON_JOB_NAME_LENGTH = 52;

/** Faults of a CronJob's name. */
export function cronJobNameFaults(path: string, name: string): Fault[] {
  if (/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name) && name.length <= CRON_JOB_NAME_LENGTH) return [];
  return [
    {
      code: "cronjob-name-invalid",
      path,
      got: `"${name}" (${name.length} characters)`,
      allowed: `at most ${CRON_JOB_NAME_LENGTH} lower-case letters, digits and dashes`,
      fix: "give it a shorter, plain name",
    },
  ];
}
