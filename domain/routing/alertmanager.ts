import type { Service } from "../declaration/service.ts";
import type { Environment } from "../environment/environment.ts";
import { type TimeInterval, timeIntervals } from "../windows/windowRendering.ts";
import type { AlertmanagerConfigs } from "./channels/channel.ts";
import { alertmanagerConfigs } from "./channels.ts";
import { othersConfiguration } from "./others.ts";
import { platform } from "./platform.ts";
import { type Destination, GROUP_BY, GROUP_INTERVAL, groupWait, type Matcher, type Route, routing } from "./routes.ts";

/** A route as Alertmanager's configuration has it. Source: prometheus.io/docs/alerting/latest/configuration, as are the others. */
export interface AlertmanagerRoute {
  matchers?: string[];
  receiver: string;
  continue?: boolean;
  group_by?: string[];
  group_wait?: string;
  group_interval?: string;
  repeat_interval?: string;
  mute_time_intervals?: string[];
  routes?: AlertmanagerRoute[];
}

export type AlertmanagerReceiver = { name: string } & AlertmanagerConfigs;

/** A whole configuration of Alertmanager. */
export interface AlertmanagerConfiguration {
  route: AlertmanagerRoute;
  receivers: AlertmanagerReceiver[];
  inhibit_rules: { source_matchers?: string[]; target_matchers?: string[]; equal?: string[] }[];
  time_intervals: { name: string; time_intervals: TimeInterval[] }[];
}

/**
 * The configuration of an Alertmanager that is Upkeep's own. It holds no secret: each is read from a file that
 * prometheus-operator mounts for an Alertmanager whose `spec.secrets` names the Secret.
 *
 * @param services as they are in the environment
 */
export function alertmanagerConfiguration(environment: Environment, services: Service[]): AlertmanagerConfiguration {
  const routed = [...services, platform(environment)];
  const { fallback, routes, destinations, muteTimes, inhibitions } = routing(environment, routed);
  const others = othersConfiguration(environment, routed);
  return {
    route: {
      receiver: fallback,
      group_by: GROUP_BY,
      group_wait: groupWait("warning"),
      group_interval: GROUP_INTERVAL,
      repeat_interval: "12h",
      routes: [...routes.map(route), ...(others.routes as AlertmanagerRoute[])],
    },
    receivers: [
      ...destinations.map((destination) => receiver(environment.name, destination)),
      ...(others.receivers as AlertmanagerReceiver[]),
    ],
    inhibit_rules: [
      ...inhibitions.map(({ source, target, equal }) => ({
        source_matchers: source.map(matcher),
        target_matchers: target.map(matcher),
        equal,
      })),
      ...others.inhibit_rules,
    ],
    time_intervals: [
      ...muteTimes.map(({ name, window }) => ({ name, time_intervals: timeIntervals(window) })),
      ...(others.time_intervals as AlertmanagerConfiguration["time_intervals"]),
    ],
  };
}

function route({
  matchers,
  receiver,
  groupWait: wait,
  repeatInterval,
  muted,
  routes,
  continue: goesOn,
}: Route): AlertmanagerRoute {
  return {
    matchers: matchers.map(matcher),
    receiver,
    ...(goesOn && { continue: true }),
    ...(wait && { group_wait: wait }),
    ...(repeatInterval && { repeat_interval: repeatInterval }),
    ...(muted && { mute_time_intervals: muted }),
    ...(routes && { routes: routes.map(route) }),
  };
}

function matcher({ label, operator, value }: Matcher): string {
  return `${label}${operator}"${value}"`;
}

function receiver(environment: string, { name, channels }: Destination): AlertmanagerReceiver {
  return { name, ...alertmanagerConfigs(environment, channels) };
}
