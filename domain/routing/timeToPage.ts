import type { EnvironmentPart } from "../environment/part.ts";
import type { AlertRule } from "../prometheus/rules.ts";
import { seconds } from "../values/duration.ts";
import { groupWait } from "./routes.ts";

/** The longest time, in seconds, from a failure to its first notification, and the times that add up to it. */
export interface TimeToPage {
  total: number;
  parts: {
    /** Until Prometheus sees it. */
    scrape: number;
    /** Until a rule evaluates the new samples. */
    evaluation: number;
    /** The rule's `for`, rounded up to whole evaluation intervals. */
    for: number;
    /** How long Alertmanager waits for more of the same group. */
    groupWait: number;
  };
}

/** @throws RangeError when a duration cannot be read */
export function timeToPage(
  { monitoring }: EnvironmentPart<"monitoring.scrapeInterval">,
  alert: Pick<AlertRule, "for" | "labels">,
): TimeToPage {
  const interval = seconds(monitoring.scrapeInterval);
  const parts = {
    scrape: interval,
    evaluation: interval,
    for: Math.ceil(waits(alert.for) / interval) * interval,
    groupWait: seconds(groupWait(alert.labels.severity)),
  };
  return { total: parts.scrape + parts.evaluation + parts.for + parts.groupWait, parts };
}

/** A rule's `for` may be zero; durations elsewhere are above zero. */
function waits(duration: string): number {
  return /^0[smhdw]$/.test(duration) ? 0 : seconds(duration);
}
