import type { EnvironmentPart } from "../environment/part.ts";
import type { AlertRule } from "../prometheus/rules.ts";
import { type Duration, seconds } from "../values/duration.ts";
import { groupWait } from "./routes.ts";

/** The longest time, in seconds, from a failure to its first notification, and the times that add up to it. */
export interface TimeToPage {
  total: number;
  parts: {
    /** Until Prometheus sees it. */
    scrape: number;
    /** Until the range over which the expression looks holds nothing but the failure. */
    lookback: number;
    /** Until a rule evaluates the new samples. */
    evaluation: number;
    /** The rule's `for`, rounded up to whole evaluation intervals. */
    for: number;
    /** How long Alertmanager waits for more of the same group. */
    groupWait: number;
    /** How much longer the last of several replicas waits for the others, if it alone is left. */
    peers: number;
  };
}

/** Alertmanager's `--cluster.peer-timeout`. */
const PEER_TIMEOUT = 15;

/** What an alert waits for before its `for`. */
export interface Intervals {
  /** How often its series are scraped. Default: as often as all others. */
  scrape?: Duration;
  /** How often its group is evaluated. Default: as often as all others. */
  evaluation?: string;
  /** How far back its expression looks, in seconds. Default 0: it fires as soon as the newest samples say so. */
  lookback?: number;
}

/**
 * @throws RangeError when a duration cannot be read
 */
export function timeToPage(
  { monitoring }: EnvironmentPart<"monitoring.scrapeInterval" | "monitoring.alertmanagers">,
  alert: Pick<AlertRule, "for" | "labels">,
  intervals: Intervals = {},
): TimeToPage {
  const evaluation = seconds(intervals.evaluation ?? monitoring.scrapeInterval);
  const parts = {
    scrape: seconds(intervals.scrape ?? monitoring.scrapeInterval),
    lookback: intervals.lookback ?? 0,
    evaluation,
    for: Math.ceil(waits(alert.for) / evaluation) * evaluation,
    groupWait: seconds(groupWait(alert.labels.severity)),
    peers: PEER_TIMEOUT * (monitoring.alertmanagers.length - 1),
  };
  return { total: Object.values(parts).reduce((sum, part) => sum + part), parts };
}

/** A rule's `for` may be zero; durations elsewhere are above zero. */
function waits(duration: string): number {
  return /^0[smhdw]$/.test(duration) ? 0 : seconds(duration);
}
