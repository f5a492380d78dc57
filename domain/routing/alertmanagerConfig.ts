import type { IAlertmanagerConfigSpec } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfigSpec";
import type { IReceiver } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/Receiver";
import type { IRoute } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/Route";
import type { ITimeInterval } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/TimeInterval";
import { namespaceOf } from "../declaration/datastoreOf.ts";
import type { Environment } from "../environment/environment.ts";
import { type TimeInterval, timeIntervals } from "../windows/windowRendering.ts";
import { operatorConfigs } from "./channels.ts";
import type { Routed } from "./platform.ts";
import { type Destination, GROUP_BY, GROUP_INTERVAL, type Matcher, type Route, routing } from "./routes.ts";

/**
 * The namespaces of a service's alerts: its own, then those in which its datastores, and so their jobs, are.
 *
 * @param service as it is in the environment
 */
export function alertNamespaces(service: Routed): string[] {
  return [...new Set([service.namespace, ...service.datastores.map((datastore) => namespaceOf(service, datastore))])];
}

/** An AlertmanagerConfig of a service, as it is in the cluster. */
export interface ServiceRoutes {
  service: Routed;
  name: string;
  namespace: string;
  spec: IAlertmanagerConfigSpec;
}

/** The AlertmanagerConfigs of services, for each namespace of their alerts. @param services as they are in the environment */
export function serviceRoutes(environment: Environment, services: readonly Routed[]): ServiceRoutes[] {
  return services.flatMap((service) =>
    alertNamespaces(service).map((namespace) => ({
      ...{ service, namespace, name: `${service.name}-routes` },
      spec: alertmanagerConfigSpec(environment, service, namespace),
    })),
  );
}

/**
 * A service's part of an Alertmanager that is shared with others: the specification of an AlertmanagerConfig (v1alpha1), for one of
 * {@link alertNamespaces}. prometheus-operator adds its namespace's matcher to all of it, unless the Alertmanager's matcher strategy is
 * None: so each namespace has one, which says its namespace itself, and under every strategy exactly one takes an alert.
 *
 * @param service as it is in the environment
 */
export function alertmanagerConfigSpec(
  environment: Environment,
  service: Routed,
  namespace = service.namespace,
): IAlertmanagerConfigSpec {
  const { routes, destinations, muteTimes, inhibitions } = routing(environment, [service]);
  const own: Matcher = { label: "service", operator: "=", value: service.name };
  const inNamespace: Matcher = { label: "namespace", operator: "=", value: namespace };
  const isOwn = ({ matchers }: Route) => matchers.some(({ label }) => label === own.label);
  const shared = routes.filter((route) => !isOwn(route)).map(route);
  return {
    // The operator makes one route of each AlertmanagerConfig: what is for every service stands inside it.
    route: routes.filter(isOwn).map((one) => ({
      ...route({ ...one, matchers: [...one.matchers, inNamespace], routes: [] }),
      groupBy: GROUP_BY,
      groupInterval: GROUP_INTERVAL,
      routes: [...shared, ...(one.routes ?? []).map(route)] as NonNullable<IRoute["routes"]>,
    }))[0] as IRoute,
    receivers: destinations.map((destination) => receiver(environment.name, destination)),
    inhibitRules: inhibitions.map(({ source, target, equal }) => ({
      sourceMatch: [own, ...source].map(matcher),
      targetMatch: [own, ...target].map(matcher),
      equal,
    })),
    ...(muteTimes.length > 0 && {
      muteTimeIntervals: muteTimes.map(({ name, window }) => ({
        name,
        timeIntervals: timeIntervals(window).map(timeInterval),
      })),
    }),
  };
}

function route({ matchers, receiver, groupWait, repeatInterval, muted }: Route): IRoute {
  return {
    matchers: matchers.map(matcher),
    receiver,
    ...(groupWait && { groupWait }),
    ...(repeatInterval && { repeatInterval }),
    ...(muted && { muteTimeIntervals: muted }),
  };
}

function matcher({ label, operator, value }: Matcher) {
  return { name: label, matchType: operator, value };
}

function timeInterval({ times, weekdays, days_of_month: days }: TimeInterval): ITimeInterval {
  return {
    ...(times && { times: times.map(({ start_time, end_time }) => ({ startTime: start_time, endTime: end_time })) }),
    ...(weekdays && { weekdays }),
    ...(days && {
      daysOfMonth: days.map((range) => {
        const [start, end] = range.split(":").map(Number) as [number, number];
        return { start, end };
      }),
    }),
  };
}

function receiver(environment: string, { name, channels }: Destination): IReceiver {
  return { name, ...operatorConfigs(environment, channels) };
}
