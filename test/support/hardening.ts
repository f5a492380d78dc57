import { type CronJobSpec, cronJobFaults, cronJobTimeFaults, USERS } from "../../domain/kubernetes/cronJob.ts";
import { podSpecFaults } from "../../domain/kubernetes/podHardening.ts";
import { missingResourceFaults, podQuantityFaults } from "../../domain/kubernetes/podResources.ts";
import type { Fault } from "../../domain/values/fault.ts";

/** All that the policies find in a CronJob of ours. */
export function hardeningFaults(spec: CronJobSpec): Fault[] {
  const { metadata, spec: pod = {} } = spec.jobTemplate?.spec?.template ?? {};
  return [
    ...cronJobTimeFaults(spec),
    ...cronJobFaults(spec),
    ...podSpecFaults(pod, "spec", undefined, metadata?.annotations?.[USERS] === "none"),
    ...missingResourceFaults(pod),
    ...podQuantityFaults(pod),
  ];
}
