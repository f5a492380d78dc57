import { parse } from "yaml";
import { z } from "zod";
import type { Service } from "../../domain/declaration/service.ts";
import { alertingOwner } from "../../domain/environment/alertingOwners.ts";
import type { Environment } from "../../domain/environment/environment.ts";
import { type AlertmanagerRoute, alertmanagerConfiguration } from "../../domain/routing/alertmanager.ts";
import { serviceRoutes } from "../../domain/routing/alertmanagerConfig.ts";
import { platform } from "../../domain/routing/platform.ts";
import type { Ask } from "./api.ts";
import type { Finding } from "./finding.ts";

const Status = z.object({ config: z.object({ original: z.string() }) });

/** A route as both forms have it. */
interface AnyRoute {
  receiver?: string;
  matchers?: readonly (string | { name: string; matchType?: string; value?: string })[];
  routes?: readonly unknown[];
}

/** Where alerts go that match all of the matchers. */
interface Path {
  matchers: ReadonlySet<string>;
  receiver: string;
}

/** Routes of the stack that Alertmanager has not loaded. */
export async function routeFindings(ask: Ask, environment: Environment, services: Service[]): Promise<Finding[]> {
  const { config } = await ask("/api/v2/status", {}, Status);
  const { route } = parse(config.original) as { route: AlertmanagerRoute };
  const loaded = paths(route);
  const fix = alertingOwner(environment).byOperator
    ? "label the AlertmanagerConfigs' namespaces as its alertmanagerConfigNamespaceSelector selects, and see prometheus-operator's log"
    : "give it the Secret alertmanager-upkeep as its configuration (spec.configSecret of prometheus-operator's Alertmanager)";
  return declaredPaths(environment, services)
    .filter(
      (path) =>
        !loaded.some(
          (one) => one.receiver === path.receiver && [...path.matchers].every((matcher) => one.matchers.has(matcher)),
        ),
    )
    .map(({ matchers, receiver }) => ({
      what: `route of {${[...matchers].join(", ")}} to ${receiver}`,
      got: "not loaded by Alertmanager",
      fix,
    }));
}

function declaredPaths(environment: Environment, services: Service[]): Path[] {
  if (!alertingOwner(environment).byOperator) return paths(alertmanagerConfiguration(environment, services).route);
  return serviceRoutes(environment, [...services, platform(environment)]).flatMap(({ namespace, name, spec }) =>
    // prometheus-operator names a receiver by its object.
    paths(spec.route as AnyRoute).map((path) => ({ ...path, receiver: `${namespace}/${name}/${path.receiver}` })),
  );
}

/** All paths through a tree of routes. A route without a receiver has that of the route above. */
function paths(route: AnyRoute, above: Path = { matchers: new Set(), receiver: "" }): Path[] {
  const path: Path = {
    matchers: new Set([...above.matchers, ...(route.matchers ?? []).map(shown)]),
    receiver: route.receiver ?? above.receiver,
  };
  return [path, ...((route.routes ?? []) as AnyRoute[]).flatMap((below) => paths(below, path))];
}

function shown(matcher: string | { name: string; matchType?: string; value?: string }): string {
  if (typeof matcher === "string") return matcher.replace(/\s*(=~|!~|!=|=)\s*/, "$1");
  return `${matcher.name}${matcher.matchType ?? "="}"${matcher.value ?? ""}"`;
}
