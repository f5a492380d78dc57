import type { Service } from "../declaration/service.ts";
import type { MaintenanceWindow } from "../declaration/window.ts";
import type { Environment, Receiver } from "../environment/environment.ts";
import { subjectLabels } from "../prometheus/rules.ts";
import type { Duration } from "../values/duration.ts";
import { type Channel, type Severity, severities } from "../values/severity.ts";
import { fallbacks } from "./channels.ts";

/** A condition on an alert's labels. */
export interface Matcher {
  label: string;
  /** `=~` is a regular expression for the whole value. */
  operator: "=" | "=~";
  value: string;
}

/** Where alerts go that fulfil all matchers, unless one of its own routes takes them. */
export interface Route {
  matchers: Matcher[];
  /** Name of a destination. */
  receiver: string;
  groupWait?: Duration;
  repeatInterval?: Duration;
  /** Names of the mute times in which nothing is sent. */
  muted?: string[];
  routes?: Route[];
}

/** Who is told: the channels of a team's receiver that are used. None where nobody is. */
export interface Destination {
  name: string;
  channels: Receiver;
}

/** While a source fires, its targets are not sent where they agree in the `equal` labels. */
export interface Inhibition {
  source: Matcher[];
  target: Matcher[];
  equal: string[];
}

/** How alerts find people: what an Alertmanager's configuration and AlertmanagerConfigs are both written from. */
export interface Routing {
  /** Where everything goes that no route takes, so that nothing is dropped in silence. */
  fallback: string;
  routes: Route[];
  destinations: Destination[];
  muteTimes: { name: string; window: MaintenanceWindow }[];
  inhibitions: Inhibition[];
}

/** What is told together. */
export const GROUP_BY = ["service", "alertname", "environment"];
/** How soon news of a group is sent; also how soon after a window's end: nothing is sent at the end itself. */
export const GROUP_INTERVAL: Duration = "5m";

/** How people are notified of a severity. */
interface Notifying {
  /** Everything of a group that fires within so short a time comes as one message. */
  groupWait: Duration;
  /** How often a person is reminded: a multiple of the group interval. */
  repeatInterval: Duration;
  /** Whether windows mute it. */
  muted: boolean;
  /** The severity whose channels are notified where nothing pages. */
  unpaged: Severity;
}

const notifying: { [S in Severity]: Notifying } = {
  critical: { groupWait: "10s", repeatInterval: "4h", muted: false, unpaged: "warning" },
  warning: { groupWait: "30s", repeatInterval: "12h", muted: true, unpaged: "warning" },
  info: { groupWait: "30s", repeatInterval: "12h", muted: true, unpaged: "info" },
};

/** How long a group of alerts waits for others before its first message. @param severity of any other word as for a warning */
export function groupWait(severity: string): Duration {
  return (notifying[severity as Severity] ?? notifying.warning).groupWait;
}

export const FALLBACK = "fallback";
export const NOWHERE = "nowhere";

/** @param services as they are in the environment */
export function routing(environment: Environment, services: Service[]): Routing {
  const used = services.flatMap((service) => destinationsOf(environment, service));
  return {
    fallback: FALLBACK,
    routes: [
      // A window that opens, and what only shows that alerting works, is for nobody to read.
      { matchers: [is("severity", "none")], receiver: NOWHERE },
      ...services.map((service) => serviceRoute(environment, service)),
    ],
    destinations: [
      { name: FALLBACK, channels: pick(environment.alerting.receivers.default, fallbacks) },
      { name: NOWHERE, channels: {} },
      ...used,
    ],
    muteTimes: services.flatMap((service) =>
      service.windows.map((window) => ({ name: muteTime(service, window), window })),
    ),
    inhibitions,
  };
}

/** The ways in which people are told of a severity: where nobody is woken, critical alerts go where warnings go. */
export function channelsFor({ alerting }: Environment, { notify }: Service, severity: Severity): Channel[] {
  return notify[heardAs(alerting, severity)];
}

/** Where the service's team is reached; the receiver `default` is for every team without one of its own. */
export function receiverOf({ alerting: { receivers } }: Environment, { owner }: Service): Receiver | undefined {
  return receivers[owner.team] ?? receivers.default;
}

function serviceRoute(environment: Environment, service: Service): Route {
  const muted = service.windows.map((window) => muteTime(service, window));
  return {
    matchers: [is("service", service.name)],
    // For a severity that no rule of ours has.
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

function destinationsOf(environment: Environment, service: Service): Destination[] {
  const receiver = receiverOf(environment, service);
  return severities
    .filter((severity) => destinationName(environment, service, severity) === `${service.name}-${severity}`)
    .map((severity) => ({
      name: `${service.name}-${severity}`,
      channels: pick(receiver, channelsFor(environment, service, severity)),
    }));
}

function destinationName(environment: Environment, service: Service, severity: Severity): string {
  const heard = heardAs(environment.alerting, severity);
  return service.notify[heard].length > 0 ? `${service.name}-${heard}` : NOWHERE;
}

function heardAs({ pages }: Environment["alerting"], severity: Severity): Severity {
  return pages ? severity : notifying[severity].unpaged;
}

function muteTime(service: Service, window: MaintenanceWindow): string {
  return `${service.name}-${window.name}`;
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

/** Always with `equal`: without it one alert would silence all services. */
const inhibitions: Inhibition[] = [
  {
    source: [is("severity", "critical")],
    target: [quieter],
    // A label that neither alert has is equal too.
    equal: ["alertname", "service", "namespace", "environment", ...subjectLabels],
  },
  {
    source: [is("alertname", "MaintenanceWindow")],
    target: [quieter],
    equal: ["service", "environment"],
  },
  {
    // What does not answer is slow and fails too.
    source: [is("alertname", "EndpointDown"), is("severity", "critical")],
    target: [{ label: "alertname", operator: "=~", value: "ErrorRateHigh|LatencyHigh" }],
    equal: ["service", "environment"],
  },
];
