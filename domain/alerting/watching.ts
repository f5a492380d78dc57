import type { Service } from "../declaration/service.ts";
import type { AlertRule } from "../prometheus/rules.ts";
import type { Intervals } from "../routing/timeToPage.ts";
import { endpointAlerts } from "./endpointAlerts.ts";
import { objectiveRules } from "./objectives.ts";
import { PROBE_INTERVAL, type ProbeEnvironment } from "./probes.ts";
import { type AlertEnvironment, serviceAlerts } from "./serviceAlerts.ts";

/** An alert with the intervals of its own, if any. */
export interface WatchingAlert {
  rule: AlertRule;
  intervals?: Intervals;
}

/** Every alert on a service itself. Each job has its own alerts. */
export function watchingAlerts(service: Service, environment: AlertEnvironment & ProbeEnvironment): WatchingAlert[] {
  return [
    ...serviceAlerts(service, environment).map((rule) => ({ rule })),
    ...endpointAlerts(service, environment).map((rule) => ({
      rule,
      intervals: { scrape: PROBE_INTERVAL, evaluation: PROBE_INTERVAL },
    })),
    ...objectiveRules(service, environment).flatMap(({ rules, interval }) =>
      rules.flatMap((rule) =>
        "alert" in rule ? [{ rule, ...(interval && { intervals: { evaluation: interval } }) }] : [],
      ),
    ),
  ];
}
