import type { IAlertmanagerConfigSpec } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfigSpec";
import type { AlertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";

// biome-ignore lint/suspicious/noExplicitAny: the routes of an AlertmanagerConfig are JSON without a type
type Fields = Record<string, any>;

/** An AlertmanagerConfig in the cluster. */
export interface Config {
  name: string;
  namespace: string;
  spec: IAlertmanagerConfigSpec;
}

/** `alertmanagerConfigMatcherStrategy` of the Alertmanager: OnNamespace is the operator's default. */
export const strategies = ["OnNamespace", "OnNamespaceExceptForAlertmanagerNamespace", "None"] as const;

export type Strategy = (typeof strategies)[number];

/** The namespace of the Alertmanager. */
const ALERTMANAGER = "monitoring";

/** Whether the operator adds the namespace's matcher. */
function isBound(strategy: Strategy, namespace: string): boolean {
  return strategy === "OnNamespace" || (strategy !== "None" && namespace !== ALERTMANAGER);
}

/**
 * Puts AlertmanagerConfigs into someone else's configuration as prometheus-operator does (pkg/alertmanager/amcfg.go, by
 * prometheus-operator.dev/docs/developer/alerting): names get the object's in front, the namespace becomes a matcher of its
 * route and inhibitions, each route goes on to the next, and secrets are read from their Secrets.
 *
 * @param secret the value of a Secret's key
 *
 * A mock of the operator, which runs with the cluster; the configuration that it makes is judged by the real amtool.
 */
export function assembled(
  configs: Config[],
  strategy: Strategy = "OnNamespace",
  secret: (name: string, key: string) => string = () => "https://receiver.example.com",
): AlertmanagerConfiguration {
  const parts = configs.map((config) => translated(config, strategy, secret));
  return {
    route: { receiver: "somebody-else", routes: parts.map(({ route }) => route) },
    receivers: [{ name: "somebody-else" }, ...parts.flatMap(({ receivers }) => receivers)],
    inhibit_rules: parts.flatMap(({ inhibitRules }) => inhibitRules),
    time_intervals: parts.flatMap(({ timeIntervals }) => timeIntervals),
  };
}

function translated(
  { name, namespace, spec }: Config,
  strategy: Strategy,
  secret: (name: string, key: string) => string,
) {
  const own = (text: string) => `${namespace}/${name}/${text}`;
  const inNamespace = isBound(strategy, namespace) ? [`namespace="${namespace}"`] : [];
  const matcher = ({ name: label, matchType, value }: Fields) => `${label}${matchType}"${value}"`;
  const route = ({ matchers, receiver, routes, groupBy, muteTimeIntervals, ...waits }: Fields): Fields => ({
    ...(snakeCase(waits) as object),
    receiver: own(receiver),
    matchers: matchers.map(matcher),
    ...(groupBy && { group_by: groupBy }),
    ...(muteTimeIntervals && { mute_time_intervals: muteTimeIntervals.map(own) }),
    ...(routes && { routes: routes.map(route) }),
  });
  const top = route(spec.route as Fields);
  return {
    route: {
      ...top,
      matchers: [...top.matchers, ...inNamespace],
      continue: true,
    } as unknown as AlertmanagerConfiguration["route"],
    receivers: (spec.receivers ?? []).map(({ name: receiver, discordConfigs, ...channels }) => ({
      ...(snakeCase(withSecrets(channels, secret)) as object),
      ...(discordConfigs && {
        discord_configs: snakeCase(
          withSecrets(
            discordConfigs.map(({ apiURL, ...discord }) => ({ ...discord, webhookURL: apiURL })),
            secret,
          ),
        ) as object[],
      }),
      name: own(receiver),
    })),
    inhibitRules: (spec.inhibitRules ?? []).map(({ sourceMatch = [], targetMatch = [], equal = [] }) => ({
      source_matchers: [...sourceMatch.map(matcher), ...inNamespace],
      target_matchers: [...targetMatch.map(matcher), ...inNamespace],
      equal: [...equal, ...(isBound(strategy, namespace) ? ["namespace"] : [])],
    })),
    timeIntervals: (spec.muteTimeIntervals ?? []).map(({ name: interval, timeIntervals = [] }) => ({
      name: own(interval),
      time_intervals: timeIntervals.map(({ daysOfMonth, ...rest }) => ({
        ...(snakeCase(rest) as object),
        ...(daysOfMonth && { days_of_month: daysOfMonth.map(({ start, end }) => `${start}:${end}`) }),
      })),
    })),
  };
}

/** What a secret is in the operator's output: the value itself. */
function withSecrets(value: unknown, secret: (name: string, key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => withSecrets(one, secret));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, inner]) => {
    if (inner && typeof inner === "object" && "key" in inner && "name" in inner) {
      return [key === "urlSecret" ? "url" : key, secret(String(inner.name), String(inner.key))];
    }
    return [key, withSecrets(inner, secret)];
  });
  return Object.fromEntries(fields);
}

/** Alertmanager's spelling of the operator's fields; lists of keys and values become maps. */
function snakeCase(value: unknown): unknown {
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every((item) => item?.key !== undefined)) {
      return Object.fromEntries(value.map(({ key, value: text }) => [key, text]));
    }
    return value.map(snakeCase);
  }
  if (typeof value !== "object" || value === null) return value;
  const special: Record<string, string> = { pagerDutyLinkConfigs: "links", alt: "text" };
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      special[key] ?? key.replace(/[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`),
      snakeCase(inner),
    ]),
  );
}
