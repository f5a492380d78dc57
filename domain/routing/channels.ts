import type { IReceiver } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/Receiver";
import type { Receiver } from "../environment/environment.ts";
import type { Channel } from "../values/severity.ts";
import type { AlertmanagerConfigs, ChannelKind } from "./channels/channel.ts";
import { email } from "./channels/email.ts";
import { pagerduty } from "./channels/pagerduty.ts";
import { slack } from "./channels/slack.ts";
import { statusPage } from "./channels/statusPage.ts";
import { teams } from "./channels/teams.ts";

/** One row per channel, in the order in which receivers list them. */
const channels = { pagerduty, slack, email, statusPage, teams } satisfies { [C in Channel]: ChannelKind<C> };

const names = Object.keys(channels) as Channel[];

/** The channels that page. */
export const pagers: readonly Channel[] = names.filter((name) => channels[name].pages);

/** The channels that receive alerts that match no route. */
export const fallbacks: readonly Channel[] = names.filter((name) => channels[name].fallback);

/** A receiver's lists in Alertmanager's configuration. @param environment its name */
export function alertmanagerConfigs(environment: string, receiver: Receiver): AlertmanagerConfigs {
  return of(receiver, (channel, settings) => channel.alertmanager(environment, settings));
}

/** A receiver's lists in an AlertmanagerConfig. @param environment its name */
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
