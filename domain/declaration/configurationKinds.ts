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

/** Objects of a kind that a CustomResourceDefinition brought. */
export interface CustomResource {
  /** Group and version, such as `tapio.io/v1`. */
  apiVersion: string;
  kind: string;
  /** The kind's plural in the API's paths, such as `tapioconfigs`. */
  resource: string;
}

/** Who alone can read what was encrypted to them: an X25519 recipient of age, as `age-keygen` prints it. */
export type Recipient = `age1${string}`;

/** A namespace's Secrets, each encrypted in the exporter's memory: nothing else ever holds them in clear text. */
export interface EncryptedSecrets {
  recipient: Recipient;
  /**
   * Names of the only Secrets that are asked for. Where left out all are listed, but for tokens of ServiceAccounts and releases of
   * Helm, which mean nothing elsewhere: then the job may read every Secret of its namespace.
   */
  names?: string[];
}

/** A kind as the export and the restore are told it. */
export interface ExportedKind extends CustomResource {
  /** The only objects of the kind that are asked for. */
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
