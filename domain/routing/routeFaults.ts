import type { Service } from "../declaration/service.ts";
import { alertingOwner } from "../environment/alertingOwners.ts";
import type { Environment, Receiver } from "../environment/environment.ts";
import { duplicates } from "../values/duplicates.ts";
import type { Fault } from "../values/fault.ts";
import { type Channel, severities } from "../values/severity.ts";
import { windowFaultsIn } from "../windows/windowFaults.ts";
import { fallbacks, pagers } from "./channels.ts";
import { channelsFor, receiverOf } from "./routes.ts";

/**
 * Faults by which an alert would not reach the channels that its service declares.
 *
 * @param services all that the environment enables, as they are there
 */
export function routeFaults(environment: Environment, services: Service[]): Fault[] {
  return [
    ...withoutOperator(environment),
    ...withoutFallback(environment),
    ...withoutDeadMansSwitch(environment),
    ...strayReceivers(environment, services),
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

function withoutFallback(environment: Environment): Fault[] {
  const receiver = environment.alerting.receivers.default;
  const [first] = fallbacks as [Channel];
  if (fallbacks.some((channel) => receiver?.[channel])) return [];
  return [
    {
      code: "missing-fallback-receiver",
      path: receiverPath(environment, "default", first),
      got: undefined,
      allowed: "a webhook: an alert that matches no route goes there, so that no alert is dropped",
      fix: setting(environment, "default", first),
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

/** If alerts page in the environment, critical ones need a channel that pages. */
function criticalWithoutPager({ alerting }: Environment, { name, notify }: Service): Fault[] {
  if (!alerting.pages || notify.critical.some((channel) => pagers.includes(channel))) return [];
  return [
    {
      code: "critical-without-pager",
      path: `${name}.notify.critical`,
      got: `${listed(notify.critical)}: critical without a pager`,
      allowed: `${pagers.join(" or ")} among them, because upkeep:alerting.pages is true`,
      fix: `add "${pagers[0]}"`,
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
  const receiver = receiverOf(environment, service);
  const channels = new Set(severities.flatMap((severity) => channelsFor(environment, service, severity)));
  return [...channels]
    .filter((channel) => !receiver?.[channel])
    .map((channel) => {
      const isPager = pagers.includes(channel) && channelsFor(environment, service, "critical").includes(channel);
      const owner = team in environment.alerting.receivers ? team : "default";
      return {
        code: "missing-receiver",
        path: receiverPath(environment, owner, channel),
        got: undefined,
        allowed: isPager
          ? `a pager, because ${service.name} of team ${team} notifies it: critical without a pager`
          : `a receiver, because ${service.name} of team ${team} notifies it`,
        fix: `${setting(environment, owner, channel)}, or remove "${channel}" from ${service.name}.notify`,
      };
    });
}

function windowNames({ name, windows }: Service): Fault[] {
  return duplicates(
    `${name}.windows`,
    windows.map((window) => window.name),
  );
}

function receiverPath({ name }: Environment, team: string, channel: keyof Receiver): string {
  return `upkeep:alerting.receivers.${team}.${channel} in Pulumi.${name}.yaml`;
}

function setting({ name }: Environment, team: string, channel: Channel): string {
  return `pulumi config set --path upkeep:alerting.receivers.${team}.${channel}.secret <value> --stack ${name}, and its key`;
}

function listed(channels: Channel[]): string {
  return channels.join(", ") || "empty";
}
