import type { EnvironmentPart } from "../environment/part.ts";
import type { AlertRule } from "../prometheus/rules.ts";
import { seconds } from "../values/duration.ts";
import { groupWait } from "./routes.ts";

/** Seconds from the moment that something goes wrong until the first message about it is sent, at worst, and what they are made of. */
export interface TimeToPage {
  total: number;
  parts: {
    /** Until Prometheus sees it. */
    scrape: number;
    /** Until a rule is evaluated on what was seen. */
    evaluation: number;
    /** How long it must last; it is looked at with each evaluation, so a part of an interval counts as a whole one. */
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

/** A rule may wait for nothing at all; durations elsewhere are above zero. */
function waits(duration: string): number {
  return /^0[smhdw]$/.test(duration) ? 0 : seconds(duration);
}
