/** How urgent an alert is: `critical` pages, `warning` is for working hours, `info` is kept for whoever looks. */
export const severities = ["critical", "warning", "info"] as const;

export type Severity = (typeof severities)[number];

/** The ways in which people are notified. Where each leads is the environment's to say. */
export const channels = ["pagerduty", "slack", "email", "statusPage"] as const;

export type Channel = (typeof channels)[number];
