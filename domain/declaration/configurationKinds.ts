import { bech32 } from "@scure/base";
import { z } from "zod";
import { judgedText, optional, text } from "../values/schema.ts";
import { secretName } from "./texts.ts";

/**
 * The kinds of objects that configure a service, and where the Kubernetes API serves each. Secrets are not among them: they leave
 * the cluster encrypted or not at all, see {@link EncryptedSecrets}.
 */
export const configurationKinds = {
  ConfigMap: { apiVersion: "v1", resource: "configmaps" },
  Deployment: { apiVersion: "apps/v1", resource: "deployments" },
  StatefulSet: { apiVersion: "apps/v1", resource: "statefulsets" },
  DaemonSet: { apiVersion: "apps/v1", resource: "daemonsets" },
  Service: { apiVersion: "v1", resource: "services" },
} as const;

export type ConfigurationKind = keyof typeof configurationKinds;

export const customResourceSchema = z.strictObject({
  apiVersion: text("group and version", "example.com/v1", /^[a-z0-9][a-z0-9.-]*\.[a-z0-9-]+\/v[a-z0-9]+$/).describe(
    "Group and version.",
  ),
  kind: text("the kind as objects name it", "Rule", /^[A-Z][A-Za-z0-9]*$/).describe("The kind."),
  resource: text("the plural of the kind as the API's paths name it", "rules", /^[a-z][a-z0-9]*$/).describe(
    "The kind's plural in the API's paths.",
  ),
});

/** Objects of a kind that a CustomResourceDefinition brought. */
export interface CustomResource extends z.output<typeof customResourceSchema> {}

/** Public key of the only one who can decrypt: an X25519 recipient of age, as `age-keygen` prints it. */
export type Recipient = `age1${string}`;

/**
 * Why no one could decrypt what is encrypted to this recipient; undefined if it is valid. A typing error would be noticed only on the
 * day of the restore. Source: C2SP age.md, "The X25519 recipient type".
 */
function recipientFault(recipient: string): string | undefined {
  if (/^age-secret-key-/i.test(recipient)) return "an identity, which is secret";
  // A key never contains a 1: a second one ends the name of another kind of recipient, such as age1pq.
  const kind = /^(age1[a-z0-9]+)1/.exec(recipient)?.[1];
  if (kind) return `a recipient of another kind, ${kind}`;
  if (!bech32.decodeUnsafe(recipient)) return `${recipient.length} characters whose checksum is wrong`;
  const { bytes } = bech32.decodeToBytes(recipient);
  if (!recipient.startsWith("age1") || bytes.length !== 32)
    return `${recipient.length} characters that are not an age public key`;
  return undefined;
}

export const encryptedSecretsSchema = z.strictObject({
  recipient: judgedText<Recipient>(
    "an X25519 recipient of age: age1 and 58 characters, of which the last six are its checksum",
    "age1…",
    (recipient) => {
      const got = recipientFault(recipient);
      const fix =
        "take the public key that age-keygen -o <file> prints, or age-keygen -y <file> for an identity that exists";
      return got === undefined ? undefined : { got, fix };
    },
  ).describe("Who can read them. `upkeep:differs.recipients` names one for an environment."),
  names: optional(
    z.array(secretName).min(1).meta({
      allowed: "names of Secrets",
      fix: "name at least one, or remove names to export all Secrets of the namespace",
    }),
  ).describe(
    "The only Secrets that are exported. Default: all, except tokens of ServiceAccounts and releases of Helm, which are useless elsewhere; the job may then read every Secret of its namespace.",
  ),
});

/** A namespace's Secrets, each encrypted in the exporter's memory: their plain text is nowhere else. */
export interface EncryptedSecrets extends z.output<typeof encryptedSecretsSchema> {}

/** A kind as the programs of export and restore read it. */
export interface ExportedKind extends CustomResource {
  /** The only objects of the kind that are exported. Default: all. */
  names?: string[];
  /** Whether its objects are encrypted before they are written. */
  encrypted?: true;
}

interface Declared {
  objects: readonly ConfigurationKind[];
  customResources?: readonly CustomResource[];
  secrets?: EncryptedSecrets;
}

/** All kinds that a datastore of configuration declares. */
export function exportedKinds({ objects, customResources = [], secrets }: Declared): ExportedKind[] {
  return [
    ...objects.map((kind) => ({ kind, ...configurationKinds[kind] })),
    ...customResources.map(({ apiVersion, kind, resource }) => ({ kind, apiVersion, resource })),
    ...(secrets
      ? [
          {
            kind: "Secret",
            apiVersion: "v1",
            resource: "secrets",
            ...(secrets.names && { names: secrets.names }),
            encrypted: true as const,
          },
        ]
      : []),
  ];
}

/** The group of an API version; that of `v1` has no name. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] as string) : "";
}
