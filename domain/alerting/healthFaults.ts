import type { Endpoint } from "../declaration/endpoint.ts";
import type { Service } from "../declaration/service.ts";
import { jobFaults } from "../jobs/maintenanceJob.ts";
import { duplicates } from "../values/duplicates.ts";
import { seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { durationFaults } from "../values/readable.ts";
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
    ...endpoints.flatMap(endpointFaults),
  ];
  const asked = [...new Set(checksOf(service, environment).map(({ name }) => `"${name}"`))];
  if (monitor === undefined) {
    if (asked.length === 0) return faults;
    return [
      ...faults,
      {
        code: "monitor-missing",
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

function endpointFaults({ name, urls, for: wait }: Endpoint, index: number): Fault[] {
  const path = `endpoints[${index}]`;
  const faults = [
    ...duplicates(`${path}.urls`, urls.filter(isPlainAddress)),
    ...durationFaults(`${path}.for`, wait.value),
  ];
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
    const allowed = "lower-case letters, digits and dashes";
    faults.push({
      code: "endpoint-name-invalid",
      path: `${path}.name`,
      got: `"${name}"`,
      allowed,
      fix: "give it a plain name",
    });
  }
  if (urls.length === 0) {
    const fix = "name an address, or remove the endpoint";
    faults.push({
      code: "endpoint-address-missing",
      path: `${path}.urls`,
      got: "empty",
      allowed: "at least one address",
      fix,
    });
  }
  urls.forEach((url, position) => {
    if (isPlainAddress(url)) return;
    faults.push({
      code: "endpoint-address-invalid",
      path: `${path}.urls[${position}]`,
      // Not quoted: it may contain a password.
      got: `${url.length} characters that are not such an address`,
      allowed: "an http or https address without a user",
      fix: 'write for example "https://api.example.com/health"',
    });
  });
  return faults;
}

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ["http:", "https:"].includes(protocol) && username === "" && password === "";
}
