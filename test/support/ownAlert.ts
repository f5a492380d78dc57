import { alert, assumed, guide } from "../../domain/declaration/declaration.ts";
import type { Alert, Service } from "../../domain/declaration/service.ts";
import { shop } from "./shop.ts";

/** An alert as a service declares its own. */
export const own = alert("DiskUsageHigh", {
  expr: "max(disk_usage{$scope}) > 2 * max(disk_usage{$scope} offset 1d)",
  for: guide("10m"),
  severity: "warning",
  threshold: guide("twice yesterday's"),
  summary: "The disk fills",
  description: "{{ $value }} are used.",
});

/** A service with alerts of its own. */
export const withAlerts = (...alerts: Alert[]): Service => ({ ...shop, workloads: [], alerts });

/** What a service declares of an alert on lines of its logs. */
export const logged = {
  expr: 'sum(count_over_time({$scope} |= "error" [15m])) > 10',
  for: assumed("15m"),
  severity: "warning",
  threshold: assumed("more than 10 lines"),
  summary: "The shop logs many errors",
  description: "{{ $value }} lines are errors.",
} as const;
