import type { Recipient } from "../declaration/configurationKinds.ts";
import type { Service } from "../declaration/service.ts";
import { type Fault, refuseFaults } from "../values/fault.ts";
import type { Size } from "../values/size.ts";
import { assumed } from "../values/sourced.ts";
import type { Environment } from "./environment.ts";
import { placedKind } from "./placedKinds.ts";

/**
 * The service with the environment's overrides: its namespaces, addresses, sizes and bounds in place of the declared ones.
 */
export function inEnvironment(service: Service, { differs }: Environment): Service {
  const at = (namespace: string) => differs.namespaces[namespace] ?? namespace;
  const key = (name: string) => `${service.name}/${name}`;
  return {
    ...service,
    namespace: at(service.namespace),
    datastores: service.datastores.map((datastore) => {
      const size = differs.sizes[key(datastore.name)] as Size | undefined;
      const recipient = differs.recipients[key(datastore.name)] as Recipient | undefined;
      const { moved, encrypted } = placedKind(datastore);
      const there = moved(datastore, at);
      return {
        ...(recipient ? encrypted(there, recipient) : there),
        ...(datastore.namespace && { namespace: at(datastore.namespace) }),
        ...(size && { size: assumed(size) }),
      };
    }),
    endpoints: service.endpoints.map((endpoint) => ({
      ...endpoint,
      urls: endpoint.urls.map((url) => {
        // An invalid address is refused later, with the other faults of the declaration.
        if (!URL.canParse(url)) return url;
        const { origin } = new URL(url);
        return (differs.origins[origin] ?? origin) + url.slice(origin.length);
      }),
    })),
    workloads: service.workloads.map((workload) => {
      const bounds = differs.autoscale[key(workload.name)];
      if (!workload.autoscale || !bounds) return workload;
      return {
        ...workload,
        autoscale: { ...workload.autoscale, min: assumed(bounds.min), max: assumed(bounds.max) },
      };
    }),
  };
}

/**
 * @param broken services whose declarations cannot be read
 * @throws DeclarationError for each override of something that no known service declares: it would have no effect
 */
export function rejectUnknownDifferences(
  { name, differs }: Environment,
  known: Service[],
  broken: readonly { name: string }[] = [],
): void {
  // A namespace or an address may be a broken service's; the others' keys begin with its name.
  const isUnknown = (key: string) =>
    broken.length > 0 &&
    (!key.includes("/") || URL.canParse(key) || broken.some((one) => key.startsWith(`${one.name}/`)));
  const names = (of: (service: Service) => string[]) => [...new Set(known.flatMap(of))].sort();
  const declared = {
    namespaces: names(({ namespace, datastores }) => [
      namespace,
      ...datastores.flatMap((one) => one.namespace ?? []),
      ...datastores.flatMap((one) => placedKind(one).namespaces(one)),
    ]),
    origins: names(({ endpoints }) =>
      endpoints.flatMap(({ urls }) => urls.flatMap((url) => (URL.canParse(url) ? new URL(url).origin : []))),
    ),
    sizes: names((service) =>
      service.datastores.flatMap((one) => ("size" in one ? `${service.name}/${one.name}` : [])),
    ),
    recipients: names((service) =>
      service.datastores.flatMap((one) => (placedKind(one).encrypts ? `${service.name}/${one.name}` : [])),
    ),
    autoscale: names((service) =>
      service.workloads.flatMap((one) => (one.autoscale ? `${service.name}/${one.name}` : [])),
    ),
  };
  refuseFaults(
    `environment "${name}"`,
    Object.entries(declared).flatMap(([kind, allowed]) =>
      Object.keys(differs[kind as keyof typeof differs])
        .filter((key) => !allowed.includes(key) && !isUnknown(key))
        .map(
          (key): Fault => ({
            code: "stray-difference",
            path: `upkeep:differs.${kind} in Pulumi.${name}.yaml`,
            got: `"${key}"`,
            allowed: allowed.join(", ") || "none",
            fix: `pulumi config rm --path 'upkeep:differs.${kind}["${key}"]' --stack ${name}`,
          }),
        ),
    ),
  );
}
