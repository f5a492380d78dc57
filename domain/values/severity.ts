/** How urgent an alert is: `critical` pages, `warning` is for working hours, `info` is recorded only. */
export const severities = ["critical", "warning", "info"] as const;

export type Severity = (typeof severities)[number];

/** The kinds of receivers. The environment sets where each one leads. */
export const channels = ["pagerduty", "slack", "email", "statusPage", "teams"] as const;

export type Channel = (typeof channels)[number];
