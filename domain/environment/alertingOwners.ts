import type { Environment } from "./environment.ts";
import type { EnvironmentPart } from "./part.ts";

/** What the domain asks about the owner of Alertmanager. */
interface AlertingOwner {
  /** Whether its routes are AlertmanagerConfigs, which prometheus-operator alone reads. */
  byOperator: boolean;
  /** Whether it mutes in any time zone: an AlertmanagerConfig has no location. */
  inAnyZone: boolean;
}

const owners: { [O in Environment["alerting"]["owner"]]: AlertingOwner } = {
  upkeep: { byOperator: false, inAnyZone: true },
  shared: { byOperator: true, inAnyZone: false },
};

/** The row of an environment's owner of Alertmanager. */
export function alertingOwner({ alerting }: EnvironmentPart<"alerting.owner">): AlertingOwner {
  return owners[alerting.owner];
}
