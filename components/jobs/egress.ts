import type { types } from "@pulumi/kubernetes";

type EgressRule = types.input.networking.v1.NetworkPolicyEgressRule;

/** To the pods of the job's own namespace. */
export function toNamespace(port: number): EgressRule {
  return { to: [{ podSelector: {} }], ports: [{ protocol: "TCP", port }] };
}

export function toNetworks(networks: { cidr: string; port: number }[]): EgressRule[] {
  return networks.map(({ cidr, port }) => ({ to: [{ ipBlock: { cidr } }], ports: [{ protocol: "TCP", port }] }));
}
