/** How urgent an alert is: `critical` pages, `warning` is for working hours, `info` is recorded only. */
export const severities = ["critical", "warning", "info"] as const;

export type Severity = (typeof severities)[number];

/** The channels that page, unless a receiver says otherwise. */
export const pagers = ["pagerduty", "opsgenie", "victorops", "pushover"] as const;

/** The kinds of receivers, those of the team's own first. The environment sets where each one leads. */
export const channels = [
  ...pagers,
  ...(["slack", "teams", "discord", "telegram", "email", "webhook", "statusPage"] as const),
] as const;

export type Channel = (typeof channels)[number];

/** Whether a channel pages unless a receiver says otherwise. */
export function isPager(channel: Channel): boolean {
  return (pagers as readonly Channel[]).includes(channel);
}
