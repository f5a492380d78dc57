import type { MaintenanceWindow } from "../declaration/window.ts";
import type { Environment, Receiver } from "../environment/environment.ts";
import { subjectLabels } from "../prometheus/rules.ts";
import type { Duration } from "../values/duration.ts";
import { type Channel, isPager, type Severity, severities } from "../values/severity.ts";
import { fallbackIn, pagersIn } from "./channels.ts";
import { PLATFORM, type Routed } from "./platform.ts";

/** A condition on an alert's labels. */
export interface Matcher {
  label: string;
  /** `=~` is a regular expression for the whole value. */
  operator: "=" | "=~";
  value: string;
}

/** The receiver of alerts that all matchers match, unless one of the route's own routes takes them. */
export interface Route {
  matchers: Matcher[];
  /** Name of a destination. */
  receiver: string;
  /** Whether the routes after it are tried too. */
  continue?: true;
  groupWait?: Duration;
  repeatInterval?: Duration;
  /** Names of the mute times in which no notification is sent. */
  muted?: string[];
  routes?: Route[];
}

/** A receiver as the routes name it: the used channels of a team's receiver. Without a channel it notifies no one. */
export interface Destination {
  name: string;
  channels: Receiver;
}

/** While a source fires, targets with the same values of the `equal` labels are not sent. */
export interface Inhibition {
  source: Matcher[];
  target: Matcher[];
  equal: string[];
}

/** All routing of alerts; Alertmanager's configuration and AlertmanagerConfigs are both rendered from it. */
export interface Routing {
  /** The destination of alerts that match no route, so that no alert is dropped. */
  fallback: string;
  routes: Route[];
  destinations: Destination[];
  muteTimes: { name: string; window: MaintenanceWindow }[];
  inhibitions: Inhibition[];
}

/** Alerts with the same values of these labels are sent in one notification. */
export const GROUP_BY = ["service", "alertname", "environment"];
/** Interval at which changes of a group are sent. Nothing is sent when a window ends, only at the next interval. */
export const GROUP_INTERVAL: Duration = "5m";

/**
 * Shorter than the group interval, so that each interval sends the Watchdog: with an equal one Alertmanager, which counts from when a
 * notification was delivered, often skips an interval.
 */
const WATCHDOG_REPEAT: Duration = "4m";

/** How alerts of a severity are notified. */
interface Notifying {
  /** How long the first notification of a group waits, so that alerts that fire together come as one message. */
  groupWait: Duration;
  /** How often a notification is repeated: a multiple of the group interval. */
  repeatInterval: Duration;
  /** Whether windows mute it. */
  muted: boolean;
  /** The severity whose channels are notified if alerts do not page in the environment. */
  unpaged: Severity;
}

const notifying: { [S in Severity]: Notifying } = {
  critical: { groupWait: "10s", repeatInterval: "4h", muted: false, unpaged: "warning" },
  warning: { groupWait: "30s", repeatInterval: "12h", muted: true, unpaged: "warning" },
  info: { groupWait: "30s", repeatInterval: "12h", muted: true, unpaged: "info" },
};

/** The severities of alerts that notify no one while a window is open. */
export const mutedInWindows = severities.filter((severity) => notifying[severity].muted);

/** How long a group of alerts waits for others before its first notification. @param severity any unknown one waits as a warning does */
export function groupWait(severity: string): Duration {
  return (notifying[severity as Severity] ?? notifying.warning).groupWait;
}

export const FALLBACK = "fallback";
export const NOWHERE = "nowhere";
export const DEAD_MANS_SWITCH = "dead-mans-switch";

/** @param services as they are in the environment, with {@link platform} for the alerts that belong to none */
export function routing(environment: Environment, services: Routed[]): Routing {
  const used = services.flatMap((service) => destinationsOf(environment, service));
  const watchdog = services.some(({ name }) => name === PLATFORM) ? environment.alerting.deadMansSwitch : undefined;
  // Beside the routes of others, ours take and inhibit nothing but alerts of our services.
  const { others } = environment.alerting;
  const ours: Matcher[] = others ? [{ label: "service", operator: "=~", value: namesOf(services) }] : [];
  return {
    fallback: FALLBACK,
    routes: [
      // The Watchdog of other rules too.
      ...(watchdog
        ? [
            {
              matchers: [is("alertname", "Watchdog")],
              receiver: DEAD_MANS_SWITCH,
              repeatInterval: WATCHDOG_REPEAT,
              ...(others && { continue: true as const }),
            },
          ]
        : []),
      // Window alerts are not sent to anyone.
      { matchers: [is("severity", "none"), ...ours], receiver: NOWHERE },
      ...services.map((service) => serviceRoute(environment, service)),
    ],
    destinations: [
      { name: FALLBACK, channels: fallbackOf(environment) },
      { name: NOWHERE, channels: {} },
      ...(watchdog ? [{ name: DEAD_MANS_SWITCH, channels: { webhook: { ...watchdog, pager: false } } }] : []),
      ...used,
    ],
    muteTimes: services.flatMap((service) =>
      service.windows.map((window) => ({ name: muteTime(service, window), window })),
    ),
    inhibitions: inhibitions.map(({ source, target, equal }) => ({
      source: [...source, ...ours],
      target: [...target, ...ours],
      equal,
    })),
  };
}

/** A regular expression of the services' names. */
export function namesOf(services: readonly Pick<Routed, "name">[]): string {
  return services.map(({ name }) => name).join("|");
}

/**
 * The channels of a severity. Critical alerts page if alerts page in the environment: by the pagers among their channels, else by all
 * pagers of the receiver. A declaration that names one vendor's pager so fits an environment that has another's. If alerts do not page in
 * the environment, critical ones go to the channels of warnings.
 */
export function channelsFor(
  environment: Environment,
  service: Pick<Routed, "notify" | "owner">,
  severity: Severity,
): Channel[] {
  const named = service.notify[heardAs(environment.alerting, severity)];
  if (!environment.alerting.pages || severity !== "critical") return named;
  const receiver = receiverOf(environment, service) ?? {};
  const paging = pagersIn(receiver);
  if (paging.length === 0) return named;
  const present = named.filter((channel) => receiver[channel] || !isPager(channel));
  return present.some((channel) => paging.includes(channel)) ? present : [...paging, ...present];
}

/** The receiver of the service's team; the receiver `default` is for every team without one of its own. */
export function receiverOf(
  { alerting: { receivers } }: Environment,
  { owner }: Pick<Routed, "owner">,
): Receiver | undefined {
  return receivers[owner.team] ?? receivers.default;
}

function serviceRoute(environment: Environment, service: Routed): Route {
  const muted = service.windows.map((window) => muteTime(service, window));
  return {
    matchers: [is("service", service.name)],
    // For a severity that none of Upkeep's rules has.
    receiver: FALLBACK,
    routes: severities.map((severity) => ({
      matchers: [is("severity", severity)],
      receiver: destinationName(environment, service, severity),
      groupWait: notifying[severity].groupWait,
      repeatInterval: notifying[severity].repeatInterval,
      ...(notifying[severity].muted && muted.length > 0 && { muted }),
    })),
  };
}

function destinationsOf(environment: Environment, service: Routed): Destination[] {
  const receiver = receiverOf(environment, service);
  return severities
    .filter((severity) => destinationName(environment, service, severity) === `${service.name}-${severity}`)
    .map((severity) => ({
      name: `${service.name}-${severity}`,
      channels: pick(receiver, channelsFor(environment, service, severity)),
    }));
}

function destinationName(environment: Environment, service: Routed, severity: Severity): string {
  const heard = heardAs(environment.alerting, severity);
  return channelsFor(environment, service, severity).length > 0 ? `${service.name}-${heard}` : NOWHERE;
}

function heardAs({ pages }: Environment["alerting"], severity: Severity): Severity {
  return pages ? severity : notifying[severity].unpaged;
}

function muteTime(service: Routed, window: MaintenanceWindow): string {
  return `${service.name}-${window.name}`;
}

function fallbackOf({ alerting: { receivers } }: Environment): Receiver {
  const fallback = fallbackIn(receivers.default ?? {});
  return fallback ? pick(receivers.default, [fallback]) : {};
}

function pick(receiver: Receiver | undefined, channels: readonly Channel[]): Receiver {
  return Object.fromEntries(channels.flatMap((channel) => (receiver?.[channel] ? [[channel, receiver[channel]]] : [])));
}

function is(label: string, value: string): Matcher {
  return { label, operator: "=", value };
}

const quieter: Matcher = {
  label: "severity",
  operator: "=~",
  value: severities.filter((severity) => notifying[severity].muted).join("|"),
};

/** What two alerts on one thing have in common; a label that neither alert has is equal too. */
const sameSubject = ["service", "namespace", "environment", ...subjectLabels];

/** Always with `equal`: without it one alert would mute all services. */
const inhibitions: Inhibition[] = [
  {
    source: [is("severity", "critical")],
    target: [quieter],
    equal: ["alertname", ...sameSubject],
  },
  {
    source: [is("alertname", "MaintenanceWindow")],
    target: [quieter],
    equal: ["service", "environment"],
  },
  {
    // An endpoint that does not answer also has slow and failed requests.
    source: [is("alertname", "EndpointDown"), is("severity", "critical")],
    target: [{ label: "alertname", operator: "=~", value: "ErrorRateHigh|LatencyHigh" }],
    equal: ["service", "environment"],
  },
  {
    // One that flaps until it is down, and one that comes back, is one outage.
    source: [is("alertname", "EndpointDown")],
    target: [is("alertname", "EndpointFlapping")],
    equal: sameSubject,
  },
];
