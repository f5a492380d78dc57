import type { Service } from "../declaration/service.ts";
import type { AlertRule } from "../prometheus/rules.ts";
import type { Intervals } from "../routing/timeToPage.ts";
import { lookback } from "../values/promql.ts";
import { endpointAlerts } from "./endpointAlerts.ts";
import { objectiveRules } from "./objectives.ts";
import { PROBE_INTERVAL, type ProbeEnvironment } from "./probes.ts";
import { type AlertEnvironment, serviceAlerts } from "./serviceAlerts.ts";

/** An alert, how often it is looked at, and how far back it looks. */
export interface WatchingAlert {
  rule: AlertRule;
  intervals: Intervals;
}

/** Every alert on a service itself. Each job has its own alerts. */
export function watchingAlerts(service: Service, environment: AlertEnvironment & ProbeEnvironment): WatchingAlert[] {
  const objectives = objectiveRules(service, environment);
  const records = new Map(
    objectives.flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [[rule.record, rule.expr]] : []))),
  );
  const watching = (rule: AlertRule, intervals: Intervals = {}): WatchingAlert => ({
    rule,
    intervals: { ...intervals, lookback: lookback(rule.expr, records) },
  });
  return [
    ...serviceAlerts(service, environment).map((rule) => watching(rule)),
    ...endpointAlerts(service, environment).map((rule) =>
      watching(rule, { scrape: PROBE_INTERVAL, evaluation: PROBE_INTERVAL }),
    ),
    ...objectives.flatMap(({ rules, interval }) =>
      rules.flatMap((rule) => ("alert" in rule ? [watching(rule, interval ? { evaluation: interval } : {})] : [])),
    ),
  ];
}
