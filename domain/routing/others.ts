import { stringify } from "yaml";
import { alertingOwner } from "../environment/alertingOwners.ts";
import type { Environment, Others } from "../environment/environment.ts";
import { configuredCredential, credentialIn } from "../kubernetes/credential.ts";
import { duplicates } from "../values/duplicates.ts";
import type { Fault } from "../values/fault.ts";
import { nearest } from "../values/schemaFaults.ts";
import type { Routed } from "./platform.ts";
import { namesOf, routing } from "./routes.ts";

/** The keys of a route. Source: prometheus.io/docs/alerting/latest/configuration, "route". */
const routeKeys = [
  ...["receiver", "group_by", "continue", "match", "match_re", "matchers", "group_wait", "group_interval"],
  ...["repeat_interval", "mute_time_intervals", "active_time_intervals", "routes"],
];

type Fields = Record<string, unknown>;

/** What is added to each list of a configuration. */
interface OthersConfiguration {
  routes: Others["route"][];
  receivers: Others["receivers"];
  inhibit_rules: Fields[];
  time_intervals: NonNullable<Others["time_intervals"]>;
}

/**
 * The part of a configuration that is not Upkeep's (`upkeep:alerting.others`). Its route is the last: it takes what no service's route
 * took.
 *
 * @param routed whose alerts are not to be inhibited by others' rules
 */
export function othersConfiguration({ alerting }: Environment, routed: readonly Routed[]): OthersConfiguration {
  const { others } = alerting;
  if (!others) return { routes: [], receivers: [], inhibit_rules: [], time_intervals: [] };
  const notOurs = `service!~"${namesOf(routed)}"`;
  return {
    // Alertmanager's own default, which is not the root route's.
    routes: [{ repeat_interval: "4h", ...others.route }],
    receivers: others.receivers,
    inhibit_rules: (others.inhibit_rules ?? []).map((rule) => ({
      ...rule,
      target_matchers: [...(rule.target_matchers ?? []), notOurs],
    })),
    time_intervals: others.time_intervals ?? [],
  };
}

/** Faults by which Alertmanager would refuse the configuration with that part, or which would put a secret in it. */
export function othersFaults(environment: Environment, routed: Routed[]): Fault[] {
  const { others } = environment.alerting;
  if (!others) return [];
  const path = (key: string) => `upkeep:alerting.others${key} in Pulumi.${environment.name}.yaml`;
  if (alertingOwner(environment).byOperator) {
    return [
      {
        code: "others-of-shared-alertmanager",
        path: path(""),
        got: `set, and upkeep:alerting.owner is ${environment.alerting.owner}`,
        allowed: "others if upkeep:alerting.owner is upkeep: a shared Alertmanager keeps its own routes and receivers",
        fix: `pulumi config rm --path upkeep:alerting.others --stack ${environment.name}`,
      },
    ];
  }
  return [
    ...routeFaults(others, path),
    ...takenNames(environment, others, routed, path),
    ...others.receivers.flatMap((receiver, index) => secretFaults(receiver, path(`.receivers[${index}]`))),
  ];
}

function routeFaults({ route, receivers, time_intervals = [] }: Others, path: (key: string) => string): Fault[] {
  const known = receivers.map(({ name }) => name);
  return walk(route, ".route").flatMap(([at, one]) => [
    ...Object.keys(one)
      .filter((key) => !routeKeys.includes(key))
      .map((key) => ({
        code: "others-route-unknown-key",
        path: path(`${at}.${key}`),
        got: "a key that Alertmanager's routes do not have: it would refuse the whole configuration",
        allowed: routeKeys.join(", "),
        fix: nearest(key, routeKeys) ? `did you mean ${nearest(key, routeKeys)}? Rename it` : "remove it",
      })),
    ...(one.receiver === undefined || known.includes(String(one.receiver))
      ? []
      : [
          {
            code: "others-receiver-unknown",
            path: path(`${at}.receiver`),
            got: JSON.stringify(one.receiver),
            allowed: `a name of upkeep:alerting.others.receivers: ${known.join(", ")}`,
            fix: "correct the name, or add that receiver",
          },
        ]),
    ...(["mute_time_intervals", "active_time_intervals"] as const).flatMap((key) =>
      (Array.isArray(one[key]) ? (one[key] as unknown[]) : [])
        .filter((name) => !time_intervals.some((interval) => interval.name === name))
        .map((name) => ({
          code: "others-time-interval-unknown",
          path: path(`${at}.${key}`),
          got: JSON.stringify(name),
          allowed: "names of upkeep:alerting.others.time_intervals",
          fix: "correct the name, or add that time interval",
        })),
    ),
  ]);
}

/** A route and all routes in it, with their paths. */
function walk(route: Fields, at: string): [path: string, route: Fields][] {
  const inner = Array.isArray(route.routes) ? (route.routes as unknown[]) : [];
  const isRoute = (one: unknown): one is Fields => typeof one === "object" && one !== null;
  return [[at, route], ...inner.flatMap((one, index) => (isRoute(one) ? walk(one, `${at}.routes[${index}]`) : []))];
}

/** Names are shared by all parts of a configuration. */
function takenNames(
  environment: Environment,
  others: Others,
  routed: Routed[],
  path: (key: string) => string,
): Fault[] {
  const { destinations, muteTimes } = routing(environment, routed);
  const lists = [
    ["receivers", destinations, others.receivers],
    ["time_intervals", muteTimes, others.time_intervals ?? []],
  ] as const;
  return lists.flatMap(([key, ours, theirs]) => [
    ...duplicates(
      path(`.${key}`),
      theirs.map(({ name }) => name),
    ),
    ...theirs
      .filter(({ name }) => ours.some((one) => one.name === name))
      .map(({ name }) => ({
        code: "others-name-taken",
        path: path(`.${key}`),
        got: JSON.stringify(name),
        allowed: "a name that Upkeep does not use itself",
        fix: "rename it, in its routes too",
      })),
  ]);
}

function secretFaults(receiver: Others["receivers"][number], path: string): Fault[] {
  const text = stringify(receiver);
  const webhook = /\bwebhook_url: \S/.test(text) ? { words: "a literal webhook_url" } : undefined;
  const found = credentialIn(text) ?? configuredCredential(text, "always") ?? webhook;
  if (!found) return [];
  return [
    {
      code: "others-inline-credential",
      path,
      got: `${receiver.name}, with ${found.words}`,
      allowed: "no credential in clear text: the stack's file and state would show it",
      fix: "keep it in a Secret of spec.secrets of the Alertmanager, and write the key with _file: /etc/alertmanager/secrets/<Secret>/<key>",
    },
  ];
}
