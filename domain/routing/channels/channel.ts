import type { IReceiver } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/Receiver";
import type { Receiver } from "../../environment/environment.ts";
import type { Channel } from "../../values/severity.ts";

/** What an environment says of a channel: where it leads. */
export type ChannelSettings<C extends Channel> = NonNullable<Receiver[C]>;

/** The lists of a receiver in Alertmanager's configuration. Source: prometheus.io/docs/alerting/latest/configuration, "receiver". */
export type AlertmanagerConfigs = Record<`${string}_configs`, object[]>;

/**
 * What is asked about a channel. Every channel answers every question: docs/adding-a-kind.md. Methods and no properties, so that a row
 * may be asked with the settings that its channel was looked up by.
 */
export interface ChannelKind<C extends Channel = Channel> {
  /** Whether it wakes somebody: a critical alert needs such a channel where alerts page. */
  pages: boolean;
  /** Whether what no route takes goes there: the receiver `default` must have such a channel. */
  fallback: boolean;
  /** Its part of a receiver in a configuration of Alertmanager. @param environment the name, which each message carries */
  alertmanager(environment: string, settings: ChannelSettings<C>): AlertmanagerConfigs;
  /** The same as an AlertmanagerConfig has it (v1alpha1). */
  operator(environment: string, settings: ChannelSettings<C>): Omit<IReceiver, "name">;
}
