import type { Service } from "../declaration/service.ts";
import { alertingOwner } from "../environment/alertingOwners.ts";
import type { Environment, Receiver } from "../environment/environment.ts";
import { receiver as receiverSchema } from "../environment/receivers.ts";
import { duplicates } from "../values/duplicates.ts";
import type { Fault } from "../values/fault.ts";
import { exampleOf } from "../values/schemaFaults.ts";
import { type Channel, isPager, pagers, type Severity, severities } from "../values/severity.ts";
import { windowFaultsIn } from "../windows/windowFaults.ts";
import { channelsIn, fallbackIn, operatorSince, pagersIn } from "./channels.ts";
import { othersFaults } from "./others.ts";
import { platform } from "./platform.ts";
import { channelsFor, receiverOf } from "./routes.ts";

/**
 * Faults by which an alert would not reach the channels that its service declares.
 *
 * @param services all that the environment enables, as they are there
 */
export function routeFaults(environment: Environment, services: Service[]): Fault[] {
  return [
    ...withoutOperator(environment),
    ...unknownToOperator(environment),
    ...withoutFallback(environment),
    ...withoutDeadMansSwitch(environment),
    ...strayReceivers(environment, services),
    ...othersFaults(environment, [...services, platform(environment)]),
    ...services.flatMap((service) => serviceRouteFaults(environment, service)),
  ];
}

/** The faults of one service's routes. */
export function serviceRouteFaults(environment: Environment, service: Service): Fault[] {
  return [
    ...criticalWithoutPager(environment, service),
    ...criticalToNobody(environment, service),
    ...unreachable(environment, service),
    ...windowNames(service),
    ...service.windows.flatMap((window, index) =>
      windowFaultsIn(environment, window, `${service.name}.windows[${index}]`),
    ),
  ];
}

function withoutOperator(environment: Environment): Fault[] {
  const { name, alerting, features } = environment;
  if (!alertingOwner(environment).byOperator || features.prometheusOperator) return [];
  return [
    {
      code: "shared-owner-without-operator",
      path: `upkeep:alerting.owner in Pulumi.${name}.yaml`,
      got: `"${alerting.owner}", in a cluster without prometheus-operator, which alone reads AlertmanagerConfigs`,
      allowed: "upkeep, or shared if upkeep:features.prometheusOperator is true",
      fix: `pulumi config set --path upkeep:alerting.owner upkeep --stack ${name}`,
    },
  ];
}

/** Kubernetes prunes a receiver that the AlertmanagerConfig does not have: its alerts would notify no one. */
function unknownToOperator(environment: Environment): Fault[] {
  const version = environment.features.prometheusOperatorVersion;
  if (!alertingOwner(environment).byOperator || version === undefined) return [];
  return Object.entries(environment.alerting.receivers).flatMap(([team, receiver]) =>
    channelsIn(receiver)
      .filter((channel) => isBefore(version, operatorSince(channel)))
      .map((channel) => ({
        code: "channel-unknown-to-operator",
        path: receiverPath(environment, team, channel),
        got: `a channel that the AlertmanagerConfig of prometheus-operator ${version} does not have`,
        allowed: `${channel} with prometheus-operator ${operatorSince(channel)} or later, or with upkeep:alerting.owner upkeep`,
        fix: `update prometheus-operator and its CRDs, then upkeep:features.prometheusOperatorVersion; or declare another channel, such as webhook`,
      })),
  );
}

function isBefore(version: string, since: string): boolean {
  return version.localeCompare(since, "en", { numeric: true }) < 0;
}

function withoutFallback(environment: Environment): Fault[] {
  const receiver = environment.alerting.receivers.default ?? {};
  if (fallbackIn(receiver)) return [];
  const [only] = channelsIn(receiver);
  return [
    {
      code: "missing-fallback-receiver",
      path: `upkeep:alerting.receivers.default in Pulumi.${environment.name}.yaml`,
      got: only,
      allowed: "a channel that the team reads: an alert that matches no route goes there, so that no alert is dropped",
      fix: setting(environment, "default", "slack"),
    },
  ];
}

/** If alerts page, someone must be paged as well when Prometheus or Alertmanager is down. */
function withoutDeadMansSwitch({ name, alerting }: Environment): Fault[] {
  if (!alerting.pages || alerting.deadMansSwitch) return [];
  return [
    {
      code: "missing-dead-mans-switch",
      path: `upkeep:alerting.deadMansSwitch in Pulumi.${name}.yaml`,
      got: undefined,
      allowed: "a webhook that pages when no message comes, because upkeep:alerting.pages is true",
      fix: `pulumi config set --path upkeep:alerting.deadMansSwitch.secret <value> --stack ${name}, and its key`,
    },
  ];
}

function strayReceivers({ name, alerting }: Environment, services: Service[]): Fault[] {
  const teams = new Set(services.map(({ owner }) => owner.team));
  return Object.keys(alerting.receivers)
    .filter((team) => team !== "default" && !teams.has(team))
    .map((team) => ({
      code: "receiver-of-unknown-team",
      path: `upkeep:alerting.receivers in Pulumi.${name}.yaml`,
      got: `"${team}", a team that owns none of the services`,
      allowed: ["default", ...teams].join(", "),
      fix: `pulumi config rm --path 'upkeep:alerting.receivers["${team}"]' --stack ${name}`,
    }));
}

/** If alerts page in the environment, the receiver of each service needs a channel that pages. */
function criticalWithoutPager(environment: Environment, service: Service): Fault[] {
  if (!environment.alerting.pages) return [];
  const receiver = receiverOf(environment, service) ?? {};
  if (pagersIn(receiver).length > 0) return [];
  const { team } = service.owner;
  const { name } = environment;
  return [
    {
      code: "critical-without-pager",
      path: `upkeep:alerting.receivers.${receiverName(environment, team)} in Pulumi.${name}.yaml`,
      got: `${listed(channelsIn(receiver))}: critical alerts of ${service.name} of team ${team} without a pager`,
      allowed: `a pager among them (${pagers.join(", ")}, or a channel with pager: true), because upkeep:alerting.pages is true`,
      fix: `${setting(environment, receiverName(environment, team), "pagerduty")}, or write pager: true under the channel that pages, or set upkeep:alerting.pages to false`,
    },
  ];
}

/** If alerts do not page in the environment, critical ones go to the channels of warnings, which must have one. */
function criticalToNobody(environment: Environment, service: Service): Fault[] {
  if (environment.alerting.pages || channelsFor(environment, service, "critical").length > 0) return [];
  return [
    {
      code: "critical-to-nobody",
      path: `${service.name}.notify.warning`,
      got: "empty",
      allowed: "a channel: because upkeep:alerting.pages is false, critical alerts go to the channels of warnings",
      fix: 'add for example "slack"',
    },
  ];
}

function unreachable(environment: Environment, service: Service): Fault[] {
  const { team } = service.owner;
  const receiver = receiverOf(environment, service) ?? {};
  const owner = receiverName(environment, team);
  // Any pager would do: that none is there is a fault of its own.
  const anyPager = (severity: Severity, channel: Channel) =>
    severity === "critical" && isPager(channel) && criticalWithoutPager(environment, service).length > 0;
  const channels = severities.flatMap((severity) =>
    channelsFor(environment, service, severity).filter((channel) => !receiver[channel] && !anyPager(severity, channel)),
  );
  return [...new Set(channels)].map((channel) => ({
    code: "missing-receiver",
    path: receiverPath(environment, owner, channel),
    got: undefined,
    allowed: `a receiver, because ${service.name} of team ${team} notifies it`,
    fix: `${setting(environment, owner, channel)}, or remove "${channel}" from ${service.name}.notify`,
  }));
}

function windowNames({ name, windows }: Service): Fault[] {
  return duplicates(
    `${name}.windows`,
    windows.map((window) => window.name),
  );
}

/** Which receiver a team has: its own, or the default one. */
function receiverName({ alerting }: Environment, team: string): string {
  return team in alerting.receivers ? team : "default";
}

function receiverPath({ name }: Environment, team: string, channel: keyof Receiver): string {
  return `upkeep:alerting.receivers.${team}.${channel} in Pulumi.${name}.yaml`;
}

function setting({ name }: Environment, team: string, channel: Channel): string {
  const example = exampleOf(receiverSchema.shape[channel]);
  return `write in Pulumi.${name}.yaml, for example: upkeep:alerting.receivers.${team}.${channel}: ${example}`;
}

function listed(channels: Channel[]): string {
  return channels.join(", ") || "empty";
}
