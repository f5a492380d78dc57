import type { Alert } from "../declaration/service.ts";
import type { RuleEnvironment } from "../prometheus/rules.ts";
import { repeated } from "../values/duplicates.ts";
import type { Fault } from "../values/fault.ts";
import { durationFaults, percentFaults } from "../values/readable.ts";
import type { AlertedService } from "./serviceAlerts.ts";
import { serviceAlerts } from "./serviceAlerts.ts";

/** Faults of a service's own alert. */
export function alertFaults(alert: Alert, path: string): Fault[] {
  const faults = durationFaults(`${path}.for`, alert.for.value);
  if (!/^([A-Z][a-z0-9]+)+$/.test(alert.name)) {
    faults.push({
      code: "alert-name-invalid",
      path: `${path}.name`,
      got: `"${alert.name}"`,
      allowed: "words joined in CamelCase, which also name its page in runbooks/",
      fix: 'write for example "DiskUsageHigh"',
    });
  }
  if (!alert.expr.includes("$scope")) {
    faults.push({
      code: "scope-missing",
      path: `${path}.expr`,
      got: "without $scope",
      allowed: "an expression of the service's own namespace",
      fix: "write $scope among the matchers of each metric, such as up{$scope}",
    });
  }
  for (const field of ["summary", "description"] as const) {
    if (alert[field].trim() === "") {
      faults.push({
        code: "alert-text-empty",
        path: `${path}.${field}`,
        got: "empty",
        allowed: "a text for the people notified",
        fix:
          field === "summary" ? "write in a few words what is wrong" : "write what was measured, and what it should be",
      });
    }
  }
  return faults;
}

/** Faults of the alerts that serviceAlerts derives. objectiveFaults checks objectives. */
export function serviceAlertFaults(service: AlertedService, environment: RuleEnvironment): Fault[] {
  const faults = [
    ...service.alerts.flatMap((alert, index) => alertFaults(alert, `alerts[${index}]`)),
    ...service.workloads.flatMap(({ cpuBelow = [], memoryBelow = [] }, index) =>
      Object.entries({ cpuBelow, memoryBelow }).flatMap(([field, bounds]) =>
        bounds.flatMap(({ value, for: wait }, at) => {
          const path = `workloads[${index}].${field}[${at}]`;
          return [...percentFaults(`${path}.value`, value.value), ...durationFaults(`${path}.for`, wait.value)];
        }),
      ),
    ),
  ];
  // Only valid values can be compared.
  return faults.length > 0 ? faults : sameAlerts(service, environment);
}

/** Alerts with the same name and severity: Alertmanager could not distinguish them. */
function sameAlerts(service: AlertedService, environment: RuleEnvironment): Fault[] {
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
