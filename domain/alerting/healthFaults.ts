import type { Service } from "../declaration/service.ts";
import { jobFaults } from "../jobs/maintenanceJob.ts";
import { duplicates } from "../values/duplicates.ts";
import { seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import type { CheckEnvironment } from "./checks.ts";
import { checksOf } from "./checks.ts";

/** With less, a run may reach its deadline before it has made every check twice and posted its alerts. */
const SHORTEST_DEADLINE = 60;

/** Faults of a service's health checks. */
export function healthFaults(service: Service, environment: CheckEnvironment): Fault[] {
  const { endpoints, monitor, backups } = service;
  const faults = [
    ...duplicates(
      "endpoints",
      endpoints.map(({ name }) => name),
    ),
    ...endpoints.flatMap(({ urls }, index) => duplicates(`endpoints[${index}].urls`, urls)),
  ];
  const asked = [...new Set(checksOf(service, environment).map(({ name }) => `"${name}"`))];
  if (monitor === undefined) {
    if (asked.length === 0) return faults;
    return [
      ...faults,
      {
        code: "missing-monitor",
        path: "monitor",
        got: undefined,
        allowed: `a monitor, because nothing else checks ${asked.join(", ")} in environment "${environment.name}"`,
        fix: 'declare for example monitor: { job: "<service>-health-monitor", schedule: assumed("*/5 * * * *"), startingDeadline: "2m", deadline: "4m" }',
      },
    ];
  }
  const times = jobFaults({ ...monitor, name: monitor.job, schedule: monitor.schedule.value });
  if (times.length === 0 && seconds(monitor.deadline) < SHORTEST_DEADLINE) {
    times.push({
      code: "monitor-deadline-too-short",
      path: "deadline",
      got: monitor.deadline,
      allowed: `${SHORTEST_DEADLINE}s or more, in which a pod starts, makes every check twice and posts its alerts`,
      fix: "lengthen it",
    });
  }
  if (backups.some(({ job }) => job === monitor.job)) {
    const allowed = "a name that no backup has";
    times.push({
      code: "monitor-job-taken",
      path: "job",
      got: `"${monitor.job}"`,
      allowed,
      fix: "rename the monitor's job",
    });
  }
  return [
    ...faults,
    ...times.map((fault) => ({ ...fault, path: `monitor.${fault.path === "name" ? "job" : fault.path}` })),
  ];
}
