import type { IReceiver } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/Receiver";
import type { Receiver } from "../../environment/environment.ts";
import type { Channel } from "../../values/severity.ts";

/** An environment's settings of a channel: its destination. */
export type ChannelSettings<C extends Channel> = NonNullable<Receiver[C]>;

/** The lists of a receiver in Alertmanager's configuration. Source: prometheus.io/docs/alerting/latest/configuration, "receiver". */
export type AlertmanagerConfigs = Record<`${string}_configs`, object[]>;

/** The lists of a receiver in an AlertmanagerConfig (v1alpha1). */
export type OperatorConfigs = Omit<IReceiver, "name">;

/**
 * What routing asks about a channel. Every channel answers every question: docs/adding-a-kind.md. Methods rather than properties of
 * function type, whose parameters TypeScript would not compare bivariantly: a row is called with the settings of its own channel.
 */
export interface ChannelKind<C extends Channel = Channel> {
  /** Whether its readers are outside the team: then it does not receive alerts that match no route. */
  isPublic: boolean;
  /** The first version of prometheus-operator whose AlertmanagerConfig has it. Source: its CHANGELOG.md. */
  since: `${number}.${number}.${number}`;
  /** Its part of a receiver in a configuration of Alertmanager. @param environment the name, which each message carries */
  alertmanager(environment: string, settings: ChannelSettings<C>): AlertmanagerConfigs;
  /** Its part of a receiver in an AlertmanagerConfig (v1alpha1). */
  operator(environment: string, settings: ChannelSettings<C>): OperatorConfigs;
}
