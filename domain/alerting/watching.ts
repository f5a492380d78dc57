import type { Service } from "../declaration/service.ts";
import type { AlertRule, RuleEnvironment } from "../prometheus/rules.ts";
import { endpointAlerts } from "./endpointAlerts.ts";
import { objectiveRules } from "./objectives.ts";
import type { ProbeEnvironment } from "./probes.ts";
import { serviceAlerts } from "./serviceAlerts.ts";

/** Every alert on a service itself. Each job has its own alerts. */
export function watchingAlerts(service: Service, environment: RuleEnvironment & ProbeEnvironment): AlertRule[] {
  return [
    ...serviceAlerts(service, environment),
    ...endpointAlerts(service, environment),
    ...objectiveRules(service, environment).flatMap(({ rules }) => rules.filter((rule) => "alert" in rule)),
  ];
}
