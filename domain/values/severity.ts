/** How loud an alert is: `critical` wakes somebody, `warning` is for working hours, `info` is kept for whoever looks. */
export type Severity = "critical" | "warning" | "info";

export const severities: readonly Severity[] = ["critical", "warning", "info"];

/** A way in which people are told. Where each leads is the environment's to say. */
export type Channel = "pagerduty" | "slack" | "email" | "statusPage";
