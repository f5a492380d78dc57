import type { Service } from "../declaration/service.ts";
import { isUtc, type MaintenanceWindow } from "../declaration/window.ts";
import type { RuleEnvironment } from "../prometheus/rules.ts";
import { type AlertRule, alertLinks } from "../prometheus/rules.ts";
import { promql } from "./windowRendering.ts";

/**
 * The alert that fires while a window is open. It notifies no one: it inhibits the service's warnings and infos on every route, however they are
 * routed. Undefined for a window in a zone other than UTC, which PromQL cannot express; the routes still mute in it.
 *
 * @param service as it is in the environment
 */
export function windowAlert(
  environment: RuleEnvironment,
  { name: service, namespace }: Pick<Service, "name" | "namespace">,
  window: MaintenanceWindow,
): AlertRule | undefined {
  if (!isUtc(window)) return undefined;
  return {
    alert: "MaintenanceWindow",
    expr: promql(window),
    // No delay: a warning in the window's first minute is due to the maintenance.
    for: "0s",
    labels: { severity: "none", service, namespace, environment: environment.name, window: window.name },
    annotations: {
      summary: `${service} is in its maintenance window ${window.name}`,
      description: `Until the window closes, no one is notified of warnings of ${service}; critical alerts are sent as always.`,
      ...alertLinks(environment, service, "MaintenanceWindow"),
    },
  };
}
