import { type JobPods, mergedPods } from "../../domain/declaration/jobPods.ts";
import type { Backup, Service } from "../../domain/declaration/service.ts";

/** What a service and its backup declare about the pods of the backup's jobs; empty if they declare nothing. */
export function declaredPods({ service, backup }: { service: Pick<Service, "jobs">; backup: Backup }): {
  jobs?: JobPods;
} {
  return service.jobs || backup.jobs ? { jobs: mergedPods(service.jobs, backup.jobs) } : {};
}
