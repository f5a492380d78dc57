import type { Service } from "../declaration/service.ts";
import type { Environment } from "../environment/environment.ts";
import type { AlertRule } from "../prometheus/rules.ts";
import { endpointAlerts } from "./endpointAlerts.ts";
import { objectiveRules } from "./objectives.ts";
import { serviceAlerts } from "./serviceAlerts.ts";

/** Every alert that watches a service itself. Those of its jobs come with each job. */
export function watchingAlerts(service: Service, environment: Environment): AlertRule[] {
  return [
    ...serviceAlerts(service, environment),
    ...endpointAlerts(service, environment),
    ...objectiveRules(service, environment).flatMap(({ rules }) => rules.filter((rule) => "alert" in rule)),
  ];
}
