import type { AlertFacts } from "../prometheus/rules.ts";

/** How long an indicator must be missing before the alert fires: an idle service has no series. */
export const MISSING_FOR = "1d";

/** The alert on a series that does not exist, so that alerts which read it cannot fire. @param subject labels that say what it measures */
export function indicatorMissing(
  indicator: string,
  expr: string,
  summary: string,
  description: string,
  subject: Record<string, string> = {},
): AlertFacts {
  const labels = { indicator, ...subject };
  return { name: "IndicatorMissing", expr, for: MISSING_FOR, severity: "warning", labels, summary, description };
}
