import type { IReceiver } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/Receiver";
import type { Receiver } from "../environment/environment.ts";
import type { Channel } from "../values/severity.ts";
import type { AlertmanagerConfigs, ChannelKind } from "./channels/channel.ts";
import { email } from "./channels/email.ts";
import { pagerduty } from "./channels/pagerduty.ts";
import { slack } from "./channels/slack.ts";
import { statusPage } from "./channels/statusPage.ts";
import { teams } from "./channels/teams.ts";

/** Each channel with what is asked about it, in the order in which receivers have them. */
const channels = { pagerduty, slack, email, statusPage, teams } satisfies { [C in Channel]: ChannelKind<C> };

const names = Object.keys(channels) as Channel[];

/** The channels that wake somebody. */
export const pagers: readonly Channel[] = names.filter((name) => channels[name].pages);

/** The channels to which goes what no route takes. */
export const fallbacks: readonly Channel[] = names.filter((name) => channels[name].fallback);

/** What Alertmanager's configuration has of a receiver. @param environment its name */
export function alertmanagerConfigs(environment: string, receiver: Receiver): AlertmanagerConfigs {
  return of(receiver, (channel, settings) => channel.alertmanager(environment, settings));
}

/** What an AlertmanagerConfig has of a receiver. @param environment its name */
export function operatorConfigs(environment: string, receiver: Receiver): Omit<IReceiver, "name"> {
  return of(receiver, (channel, settings) => channel.operator(environment, settings));
}

function of<T extends object>(
  receiver: Receiver,
  render: (channel: ChannelKind, settings: NonNullable<Receiver[Channel]>) => T,
): T {
  const parts = names.map((name) => receiver[name] && render(channels[name] as ChannelKind, receiver[name]));
  return Object.assign({}, ...parts);
}
