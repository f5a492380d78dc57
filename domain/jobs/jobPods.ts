import type { JobPods } from "../declaration/jobPods.ts";
import type { Fault } from "../values/fault.ts";

/** What each container requests if nothing is declared. */
const CPU_REQUEST = "100m";

/** The CPU of each container. No limit by default: throttling would only lengthen the run. */
export function cpuOf({ resources }: JobPods): { request: string; limit?: string } {
  const limit = resources?.limits?.cpu;
  return { request: resources?.requests?.cpu ?? CPU_REQUEST, ...(limit !== undefined && { limit }) };
}

/** Faults of all that is declared about a job's pods together. @param path of the declaration, such as `backups[0].jobs` */
export function jobPodsFaults(pods: JobPods, path: string): Fault[] {
  const { request, limit } = cpuOf(pods);
  if (limit === undefined || cores(limit) >= cores(request)) return [];
  return [
    {
      code: "cpu-limit-below-request",
      path: `${path}.resources.limits.cpu`,
      got: `"${limit}"`,
      allowed: `${request} or more, which each container requests: the API server refuses less`,
      fix: `raise it, or set resources.requests.cpu to "${limit}"`,
    },
  ];
}

/** A quantity of CPU as a number of cores. */
function cores(cpu: string): number {
  return cpu.endsWith("m") ? Number(cpu.slice(0, -1)) / 1000 : Number(cpu);
}
