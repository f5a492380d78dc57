/** Where a job's pods may send traffic (NetworkPolicyEgressRule of networking.k8s.io/v1). */
export interface EgressRule {
  to: {
    ipBlock?: { cidr: string };
    podSelector?: object;
    namespaceSelector?: { matchLabels: Record<string, string> };
  }[];
  ports?: { protocol: "TCP"; port: number }[];
}

/** To the pods of the job's own namespace, on one port. */
function egressToOwnNamespace(port: number): EgressRule {
  return { to: [{ podSelector: {} }], ports: [{ protocol: "TCP", port }] };
}

/** To networks, on a port of each. */
export function egressToNetworks(networks: { cidr: string; port: number }[]): EgressRule[] {
  return networks.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: "TCP", port }] }));
}

/** To the pods of a namespace, on one port. @param own the namespace of the job itself */
export function egressToNamespace(namespace: string, own: string, port: number): EgressRule {
  if (namespace === own) return egressToOwnNamespace(port);
  return { to: [podsOf(namespace)], ports: [{ protocol: "TCP", port }] };
}

/**
 * To an address. A Service of the cluster is reached on its pods' port, which is not in the address, so every port is allowed there;
 * any other host may have any IP, on the address's port.
 */
export function egressToUrl(url: string): EgressRule {
  const { hostname, port, protocol } = new URL(url);
  // A placeholder for an address that only the deployment knows (RFC 2606 reserves the name): any port.
  if (hostname.endsWith(".invalid")) return { to: anyAddress };
  // A name without a dot is a Service of the job's own namespace.
  if (/^[a-z0-9-]+$/i.test(hostname)) return { to: [{ podSelector: {} }] };
  const namespace = /\.([a-z0-9-]+)\.svc(\.|$)/.exec(hostname)?.[1];
  if (namespace !== undefined) return { to: [podsOf(namespace)] };
  const number = Number(port) || (protocol === "https:" ? 443 : 80);
  return egressAnywhere(number);
}

const anyAddress = ["0.0.0.0/0", "::/0"].map((cidr) => ({ ipBlock: { cidr } }));

/** Whether a host's name may be one outside the cluster: a Service of the pods' own namespace has no dot. */
function mayBeOutside(host: string): boolean {
  return host.includes(".");
}

/** A host's name as pods of the namespace `own` resolve it. @param namespace whose pods resolve the name as it is */
export function hostFrom(own: string, host: string, namespace: string): string {
  return namespace === own || mayBeOutside(host) ? host : `${host}.${namespace}.svc`;
}

/** To a host, on one port. @param own the namespace of the job itself @param namespace whose pods resolve the host's name */
export function egressToHost(host: string, port: number, namespace: string, own: string): EgressRule {
  return mayBeOutside(host) ? egressAnywhere(port) : egressToNamespace(namespace, own, port);
}

/** To a server whose name the job's own namespace resolves. */
export function egressToServer({ host, port }: { host: string; port: number }): EgressRule {
  return mayBeOutside(host) ? egressAnywhere(port) : egressToOwnNamespace(port);
}

/** To any IP, on one port. */
function egressAnywhere(port: number): EgressRule {
  return { to: anyAddress, ports: [{ protocol: "TCP", port }] };
}

function podsOf(namespace: string): EgressRule["to"][number] {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

/** Each rule once. */
export function distinct(rules: EgressRule[]): EgressRule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}
