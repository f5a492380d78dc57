import type { Service } from "../declaration/service.ts";
import type { AlertRule, RuleEnvironment } from "../prometheus/rules.ts";
import { endpointAlerts } from "./endpointAlerts.ts";
import { objectiveRules } from "./objectives.ts";
import type { ProbeEnvironment } from "./probes.ts";
import { serviceAlerts } from "./serviceAlerts.ts";

/** An alert with the interval at which its group is evaluated; absent for Prometheus' own. */
export interface WatchingAlert {
  rule: AlertRule;
  interval?: string;
}

/** Every alert on a service itself. Each job has its own alerts. */
export function watchingAlerts(service: Service, environment: RuleEnvironment & ProbeEnvironment): WatchingAlert[] {
  return [
    ...[...serviceAlerts(service, environment), ...endpointAlerts(service, environment)].map((rule) => ({ rule })),
    ...objectiveRules(service, environment).flatMap(({ rules, interval }) =>
      rules.flatMap((rule) => ("alert" in rule ? [{ rule, ...(interval && { interval }) }] : [])),
    ),
  ];
}
