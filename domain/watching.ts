import { endpointAlerts } from "./endpointAlerts.ts";
import type { Environment } from "./environment.ts";
import { objectiveRules } from "./objectives.ts";
import type { AlertRule } from "./rules.ts";
import type { Service } from "./service.ts";
import { serviceAlerts } from "./serviceAlerts.ts";

/** Every alert that watches a service itself. Those of its jobs come with each job. */
export function watchingAlerts(service: Service, environment: Environment): AlertRule[] {
  return [
    ...serviceAlerts(service, environment),
    ...endpointAlerts(service, environment),
    ...objectiveRules(service, environment).flatMap(({ rules }) => rules.filter((rule) => "alert" in rule)),
  ];
}
