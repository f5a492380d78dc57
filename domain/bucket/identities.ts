import type { z } from "zod";
import type { EnvironmentPart } from "../environment/part.ts";
import { identities } from "../environment/settings.ts";
import { type EgressRule, egressToNetworks } from "../kubernetes/egress.ts";
import { podIdentityTrustPolicy, trustPolicy } from "./roles.ts";

/** A ServiceAccount, and the AWS account in which its pods assume a role. */
interface Pods {
  account: string;
  region: string;
  namespace: string;
  serviceAccount: string;
}

/** The users of S3: the writer is a backup job, the restorer a drill or a restore. */
export type S3User = "writer" | "restorer";

/** What the domain asks about an identity, by which pods authenticate to S3. Every identity answers every question: docs/adding-a-kind.md. */
export interface Identity {
  /** The policy by which the pods of a ServiceAccount assume their role; undefined if Secrets hold access keys instead. */
  trust: ((pods: Pods) => string) | undefined;
  /** The cluster whose pods assume roles, as AWS knows it: an account may have several. Empty without roles. */
  cluster(region: string): string;
  /** The EKS cluster in which a role is associated with its ServiceAccount; undefined without associations. */
  associatedIn: string | undefined;
  /** The annotations by which a ServiceAccount names its role. @param role its ARN */
  annotations<Arn>(role: Arn): Record<string, Arn> | undefined;
  /** The Secrets that hold each user's access keys; undefined with roles. */
  accessKeys: Record<S3User, string> | undefined;
  /** What pods connect to for their credentials. @param ipv6 whether pods have addresses of IPv6 */
  egress(ipv6: boolean): { cidr: string; port: number }[];
}

type Name = keyof typeof identities;
type Settings<N extends Name = Name> = z.output<(typeof identities)[N]>;

const kinds: { [N in Name]: (settings: Settings<N>) => Identity } = {
  oidcProvider: ({ oidcProvider }) => ({
    trust: ({ account, namespace, serviceAccount }) => trustPolicy(account, oidcProvider, namespace, serviceAccount),
    cluster: () => oidcProvider,
    associatedIn: undefined,
    annotations: (role) => ({ "eks.amazonaws.com/role-arn": role }),
    accessKeys: undefined,
    egress: () => [],
  }),
  podIdentity: ({ podIdentity: { cluster } }) => ({
    trust: ({ account, region, namespace, serviceAccount }) =>
      podIdentityTrustPolicy({ account, region, cluster }, namespace, serviceAccount),
    cluster: (region) => `${region}/${cluster}`,
    associatedIn: cluster,
    annotations: () => undefined,
    accessKeys: undefined,
    egress: (ipv6) => [
      { cidr: podIdentityAgent.ipv4, port: 80 },
      ...(ipv6 ? [{ cidr: podIdentityAgent.ipv6, port: 80 }] : []),
    ],
  }),
  secret: ({ secret, restorer }) => ({
    trust: undefined,
    cluster: () => "",
    associatedIn: undefined,
    annotations: () => undefined,
    accessKeys: { writer: secret, restorer },
    egress: () => [],
  }),
};

/** The row of an environment's identity. */
export function identityOf({ backups: { identity } }: EnvironmentPart<"backups.identity">): Identity {
  const name = (Object.keys(identities) as Name[]).find((one) => one in identity) as Name;
  return (kinds[name] as (settings: Settings) => Identity)(identity);
}

/** Where the agent of Pod Identity answers on each node. Source: docs.aws.amazon.com, "Set up the Amazon EKS Pod Identity Agent". */
const podIdentityAgent = { ipv4: "169.254.170.23/32", ipv6: "fd00:ec2::23/128" };

/** To S3, and to what hands pods their credentials. */
export function egressToS3(
  environment: EnvironmentPart<"backups.egress"> & EnvironmentPart<"backups.identity">,
): EgressRule[] {
  const { egress } = environment.backups;
  const ipv6 = egress.some(({ cidr }) => cidr.includes(":"));
  return egressToNetworks([...egress, ...identityOf(environment).egress(ipv6)]);
}
