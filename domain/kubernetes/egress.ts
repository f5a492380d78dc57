import { z } from "zod";

/** Where a job's pods may send traffic (NetworkPolicyEgressRule of networking.k8s.io/v1). */
export interface EgressRule {
  to: {
    ipBlock?: { cidr: string };
    podSelector?: { matchLabels?: Record<string, string> };
    namespaceSelector?: { matchLabels: Record<string, string> };
  }[];
  ports?: { protocol: "TCP" | "UDP"; port: number }[];
}

type Port = NonNullable<EgressRule["ports"]>[number];

/** What a job's pods connect to. */
export type Destination =
  | { network: readonly string[] }
  /** Pods of a namespace. */
  | { namespace: string; podLabels?: Record<string, string> }
  /**
   * A host's name or address. `from` is the namespace whose pods resolve the name as it is, if it is not the job's own; `network` is
   * where its address is, if that is declared: the name then decides nothing.
   */
  | { host: string; from?: string; network?: readonly string[] };

/**
 * Every egress rule is made here: to hosts of the job's own namespace, of another one and outside the cluster, to pods and to networks,
 * by IPv4 and IPv6. A plugin compares a connection's address behind the Service, and may not count pods to any network, as Cilium does
 * not: so pods are selected by their namespace.
 *
 * @param ports of the pods or of the server; without any, every port
 */
export function egressTo(destination: Destination, ...ports: Port[]): EgressRule {
  return { to: peersOf(destination), ...(ports.length > 0 && { ports }) };
}

function peersOf(destination: Destination): EgressRule["to"] {
  if ("host" in destination) {
    const { host, from, network } = destination;
    if (network) return peersOf({ network });
    const place = placeOf(host);
    if (place.at === "beside") return from === undefined ? [{ podSelector: {} }] : peersOf({ namespace: from });
    const inside = place.namespace === undefined ? [] : peersOf({ namespace: place.namespace });
    return place.at === "namespace" ? inside : [...inside, ...anyAddress];
  }
  if ("network" in destination) return destination.network.map((cidr) => ({ ipBlock: { cidr } }));
  const { namespace, podLabels } = destination;
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": namespace } };
  return [{ namespaceSelector, ...(podLabels && { podSelector: { matchLabels: podLabels } }) }];
}

const anyAddress = ["0.0.0.0/0", "::/0"].map((cidr) => ({ ipBlock: { cidr } }));

/** Where a host is: beside the pods that resolve its name, in a namespace, or anywhere, where it may still be in a namespace. */
type Place = { at: "beside"; namespace?: never } | { at: "namespace" | "anywhere"; namespace?: string };

/** Source: kubernetes.io/docs/concepts/services-networking/dns-pod-service; a pod's resolver also completes `<service>.<namespace>`. */
function placeOf(host: string): Place {
  if (isAddress(host)) return { at: "anywhere" };
  const labels = host.replace(/\.$/, "").split(".");
  if (labels.length === 1) return { at: "beside" };
  const [, namespace] = /\.([a-z0-9-]+)\.svc(\.|$)/i.exec(host) ?? [];
  if (namespace !== undefined) return { at: "namespace", namespace };
  // A placeholder for a host that only the deployment knows (RFC 2606 reserves the name).
  if (labels.at(-1) === "invalid") return { at: "anywhere" };
  const [, second = ""] = labels;
  // `postgresql.databases` may be a Service or a domain.
  return { at: "anywhere", ...(labels.length === 2 && /^[a-z0-9-]+$/.test(second) && { namespace: second }) };
}

function isAddress(host: string): boolean {
  return z.union([z.ipv4(), z.ipv6()]).safeParse(host).success;
}

/** A host's name as pods of the namespace `own` resolve it. @param namespace whose pods resolve the name as it is */
export function hostFrom(own: string, host: string, namespace: string): string {
  return namespace === own || placeOf(host).at !== "beside" ? host : `${host}.${namespace}.svc`;
}

/** A server, as a datastore declares it. */
export interface Server {
  host: string;
  port: number;
  network?: readonly string[];
}

/** To a server. @param from the namespace whose pods resolve its name as it is. @default the job's own */
export function egressToServer({ host, port, network }: Server, from?: string): EgressRule {
  return egressTo(
    { host, ...(from !== undefined && { from }), ...(network && { network }) },
    { protocol: "TCP", port },
  );
}

/** To networks, on a port of each. */
export function egressToNetworks(networks: { cidr: string; port: number }[]): EgressRule[] {
  return networks.map(({ cidr, port }) => egressTo({ network: [cidr] }, { protocol: "TCP", port }));
}

/**
 * To an address. A Service of the cluster is reached on its pods' port, which is not in the address, so every port is allowed there;
 * any other host has the address's port.
 *
 * @param network where the host's address is, if that is declared
 */
export function egressToUrl(url: string, network?: readonly string[]): EgressRule[] {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const number: Port = { protocol: "TCP", port: Number(port) || (protocol === "https:" ? 443 : 80) };
  if (network) return [egressTo({ host, network }, number)];
  const { at, namespace } = placeOf(host);
  // An address that only the deployment knows may have any port.
  if (at !== "anywhere" || host.endsWith(".invalid")) return [egressTo({ host })];
  return [...(namespace === undefined ? [] : [egressTo({ namespace })]), { to: anyAddress, ports: [number] }];
}

/** How pods reach the cluster's DNS. */
export interface Dns {
  namespace: string;
  podLabels?: Record<string, string>;
  port: number;
  network?: readonly string[];
}

/** To the cluster's DNS: its pods and, where a cache on each node or the cloud answers instead, its networks. */
export function egressToDns({ namespace, podLabels, port, network }: Dns): EgressRule {
  const ports = (["UDP", "TCP"] as const).map((protocol): Port => ({ protocol, port }));
  const { to } = egressTo({ namespace, ...(podLabels && { podLabels }) }, ...ports);
  return { to: [...to, ...peersOf({ network: network ?? [] })], ports };
}

/** Each rule once. */
export function distinct(rules: EgressRule[]): EgressRule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}
