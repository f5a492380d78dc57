import type { Service } from "../declaration/service.ts";
import type { EnvironmentPart } from "../environment/part.ts";
import { alertRule, type RuleEnvironment, type RuleGroup } from "../prometheus/rules.ts";
import type { Fault } from "../values/fault.ts";
import { scoped } from "./indicators.ts";

/** Whether Loki's ruler evaluates rules. */
export type LogEnvironment = EnvironmentPart<"name" | "features.loki">;

type LoggingService = Pick<Service, "name" | "namespace" | "logAlerts">;

/** The service's alerts on lines of logs, as Loki's ruler loads them: its groups have Prometheus' form. Source: grafana.com/docs/loki/latest/alert. */
export function logAlertGroups(service: LoggingService, environment: RuleEnvironment): RuleGroup[] {
  const { name, namespace, logAlerts = [] } = service;
  if (logAlerts.length === 0) return [];
  const rules = logAlerts.map(({ name: alert, expr, for: wait, severity, summary, description }) =>
    alertRule({ service: name, namespace }, environment, {
      ...{ name: alert, expr: scoped(expr, service), for: wait.value, severity, summary, description },
    }),
  );
  return [{ name: `${name}-logs`, rules }];
}

/** The end of the name of a rule file that Loki reads, and Prometheus must not. */
export const LOG_RULES = "-log-alerts.yaml";

/** Faults of alerts on logs in an environment that has no ruler for them. */
export function logAlertFaults({ logAlerts = [] }: LoggingService, { name, features }: LogEnvironment): Fault[] {
  const [first] = logAlerts;
  if (features.loki || !first) return [];
  return [
    {
      code: "missing-feature",
      path: `upkeep:features.loki in Pulumi.${name}.yaml`,
      got: undefined,
      allowed: `the labels by which Loki's ruler finds rules: the service declares ${logAlerts.map((one) => one.name).join(", ")} on its logs`,
      fix: 'set it to { loki_rule: "" } if Loki runs with its sidecar, or remove logAlerts',
    },
  ];
}
