import type { RuleEnvironment } from "../prometheus/rules.ts";
import { repeated } from "../values/duplicates.ts";
import type { Fault } from "../values/fault.ts";
import type { AlertedService } from "./serviceAlerts.ts";
import { serviceAlerts } from "./serviceAlerts.ts";

/** Alerts with the same name and severity: Alertmanager could not distinguish them. */
export function serviceAlertFaults(service: AlertedService, environment: RuleEnvironment): Fault[] {
  const identities = serviceAlerts(service, environment).map(({ alert, labels }) => JSON.stringify({ alert, labels }));
  return repeated(identities).map((identity) => {
    const { alert, labels } = JSON.parse(identity);
    return {
      code: "alert-duplicate",
      path: "alerts",
      got: `with ${alert} of severity ${labels.severity} twice`,
      allowed: "each name once for each severity",
      fix: "rename one, or give it another severity",
    };
  });
}
