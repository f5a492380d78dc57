import type { Receiver } from "../environment/environment.ts";
import type { Channel } from "../values/severity.ts";
import type { AlertmanagerConfigs, ChannelKind, OperatorConfigs } from "./channels/channel.ts";
import { discord } from "./channels/discord.ts";
import { email } from "./channels/email.ts";
import { opsgenie } from "./channels/opsgenie.ts";
import { pagerduty } from "./channels/pagerduty.ts";
import { pushover } from "./channels/pushover.ts";
import { slack } from "./channels/slack.ts";
import { statusPage } from "./channels/statusPage.ts";
import { teams } from "./channels/teams.ts";
import { telegram } from "./channels/telegram.ts";
import { victorops } from "./channels/victorops.ts";
import { webhook } from "./channels/webhook.ts";

/** One row per channel, in the order in which receivers list them, and in which one is chosen as the fallback. */
const channels = {
  ...{ pagerduty, opsgenie, victorops, pushover },
  ...{ slack, teams, discord, telegram, email, webhook, statusPage },
} satisfies { [C in Channel]: ChannelKind<C> };

const names = Object.keys(channels) as Channel[];

/** The channels of a receiver, in the table's order. */
export function channelsIn(receiver: Receiver): Channel[] {
  return names.filter((name) => receiver[name]);
}

/** The channels of a receiver that page. */
export function pagersIn(receiver: Receiver): Channel[] {
  return channelsIn(receiver).filter((name) => pages(receiver, name));
}

/**
 * The channel that receives alerts that match no route: the first that the team reads and that does not page, else its first pager.
 * Undefined for a receiver that has only a status page.
 */
export function fallbackIn(receiver: Receiver): Channel | undefined {
  const own = channelsIn(receiver).filter((name) => !channels[name].isPublic);
  return own.find((name) => !pages(receiver, name)) ?? own[0];
}

/** A status page never does. */
function pages(receiver: Receiver, channel: Channel): boolean {
  const settings = receiver[channel];
  return settings !== undefined && "pager" in settings && settings.pager;
}

/** The first version of prometheus-operator whose AlertmanagerConfig has the channel. */
export function operatorSince(channel: Channel): string {
  return channels[channel].since;
}

/** A receiver's lists in Alertmanager's configuration. @param environment its name */
export function alertmanagerConfigs(environment: string, receiver: Receiver): AlertmanagerConfigs {
  return of(receiver, (channel, settings) => channel.alertmanager(environment, settings));
}

/** A receiver's lists in an AlertmanagerConfig. @param environment its name */
export function operatorConfigs(environment: string, receiver: Receiver): OperatorConfigs {
  return of(receiver, (channel, settings) => channel.operator(environment, settings));
}

function of<T extends object>(
  receiver: Receiver,
  render: (channel: ChannelKind, settings: NonNullable<Receiver[Channel]>) => T,
): T {
  const lists: Record<string, object[]> = {};
  for (const name of channelsIn(receiver)) {
    const part = render(channels[name] as ChannelKind, receiver[name] as NonNullable<Receiver[Channel]>);
    // Two channels may be of one list: webhooks and status pages.
    for (const [key, list] of Object.entries(part)) lists[key] = [...(lists[key] ?? []), ...(list as object[])];
  }
  return lists as T;
}
