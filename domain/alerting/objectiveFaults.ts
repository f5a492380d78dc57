import { faultsOf } from "../declaration/parse.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { settings } from "../environment/settings.ts";
import { seconds } from "../values/duration.ts";
import type { Fault } from "../values/fault.ts";
import { fraction } from "../values/percent.ts";
import type { MeasuredService } from "./objectives.ts";
import { LOWEST_AVAILABILITY, OBJECTIVE_PERIOD, objectiveRequests } from "./objectives.ts";

/** The shortest retention that covers the period: a day more, because Prometheus deletes the oldest block as a whole. */
const RETENTION = "31d";

/** Faults of objectives that cannot be measured, or would never alert; empty if all are valid. */
export function objectiveFaults(
  service: MeasuredService,
  environment: EnvironmentPart<"name" | "monitoring.retention">,
): Fault[] {
  return [...availabilityFaults(service, environment), ...errorRateFaults(service), ...latencyObjectiveFaults(service)];
}

function availabilityFaults(
  service: MeasuredService,
  { name: stack, monitoring }: EnvironmentPart<"name" | "monitoring.retention">,
): Fault[] {
  const availability = service.objectives.availability?.value;
  if (availability === undefined) return [];
  const path = "objectives.availability";
  const faults: Fault[] = [];
  if (fraction(availability) <= LOWEST_AVAILABILITY || fraction(availability) === 1) {
    faults.push({
      ...(fraction(availability) === 1 ? { code: "availability-without-budget" } : { code: "availability-too-low" }),
      path,
      got: `"${availability}"`,
      allowed: `above ${LOWEST_AVAILABILITY * 100}%, or even a total failure would not page; below 100%, or there is no budget`,
      fix: 'write for example "99.9%"',
    });
  }
  if (objectiveRequests(service) === undefined) {
    faults.push({
      code: "objective-unmeasured",
      path,
      got: `"${availability}" without requests: the service declares neither indicators.requests nor endpoints`,
      allowed: "an availability of requests that are counted, or of endpoints that are probed",
      fix: "declare indicators.requests or an endpoint, or remove the availability",
    });
  }
  const key = "upkeep:monitoring.retention";
  const unreadable = faultsOf(
    settings.shape.monitoring.shape.retention,
    monitoring.retention,
    `${key} in Pulumi.${stack}.yaml`,
  );
  if (unreadable.length > 0) return [...faults, ...unreadable];
  if (seconds(monitoring.retention) < seconds(RETENTION)) {
    faults.push({
      code: "metrics-retention-too-short",
      path: `${key} in Pulumi.${stack}.yaml`,
      got: `"${monitoring.retention}"`,
      allowed: `${RETENTION} or more: the error budget is counted over ${OBJECTIVE_PERIOD}`,
      fix: `let Prometheus keep its series for ${RETENTION}, then pulumi config set --path ${key} ${RETENTION} --stack ${stack}`,
    });
  }
  return faults;
}

function errorRateFaults({ objectives, indicators }: MeasuredService): Fault[] {
  if (!objectives.errorRate || indicators.requests) return [];
  return [unmeasured("objectives.errorRate", "requests", "the counter of all requests, and what failed ones are")];
}

function latencyObjectiveFaults({ objectives, indicators }: MeasuredService): Fault[] {
  if (indicators.duration) return [];
  return (objectives.latency ?? []).map((_, index) =>
    unmeasured(`objectives.latency[${index}]`, "duration", "the histogram of the time that requests take"),
  );
}

function unmeasured(path: string, indicator: "requests" | "duration", what: string): Fault {
  return {
    code: "objective-unmeasured",
    path,
    got: `without indicators.${indicator}`,
    allowed: "an objective that something measures",
    fix: `declare indicators.${indicator}: ${what}`,
  };
}
