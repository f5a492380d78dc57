import { repeated } from "../values/duplicates.ts";
import type { Fault } from "../values/fault.ts";
import type { AlertEnvironment, AlertedService } from "./serviceAlerts.ts";
import { serviceAlerts } from "./serviceAlerts.ts";

/** Alerts with the same name and severity: Alertmanager could not distinguish them. */
export function serviceAlertFaults(service: AlertedService, environment: AlertEnvironment): Fault[] {
  // A datastore's are there twice only if its name is, which is a fault of its own.
  const others = serviceAlerts(service, environment).filter(({ labels }) => labels.datastore === undefined);
  const identities = others.map(({ alert, labels }) => JSON.stringify({ alert, labels }));
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
