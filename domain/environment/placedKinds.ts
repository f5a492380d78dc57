import type { Recipient } from "../declaration/configurationKinds.ts";
import type { DatastoreKind, DatastoreOf } from "../declaration/datastoreOf.ts";

/** How an environment overrides a kind's own fields. Every datastore's namespace and size are overridden elsewhere. */
export interface PlacedKind<K extends DatastoreKind = DatastoreKind> {
  /** The namespaces that a declaration names besides its own. */
  namespaces(datastore: DatastoreOf<K>): string[];
  /** The datastore with the environment's overrides of those namespaces. */
  moved(datastore: DatastoreOf<K>, at: (namespace: string) => string): DatastoreOf<K>;
  /** Whether it exports Secrets, encrypted to a recipient. */
  encrypts: boolean;
  /** The datastore with an environment's recipient. */
  encrypted(datastore: DatastoreOf<K>, recipient: Recipient): DatastoreOf<K>;
}

/** A kind that names no other namespace and holds no Secret. */
const plain = {
  namespaces: () => [],
  moved: <D>(datastore: D) => datastore,
  encrypts: false,
  encrypted: <D>(datastore: D) => datastore,
};

const placedKinds = {
  postgres: plain,
  redis: plain,
  configuration: {
    namespaces: ({ recoveryNamespace }) => (recoveryNamespace ? [recoveryNamespace] : []),
    moved: (datastore, at) => ({
      ...datastore,
      ...(datastore.recoveryNamespace && { recoveryNamespace: at(datastore.recoveryNamespace) }),
    }),
    encrypts: true,
    encrypted: (datastore, recipient) => ({ ...datastore, secrets: { ...datastore.secrets, recipient } }),
  },
  grafana: plain,
  volume: plain,
} satisfies { [K in DatastoreKind]: PlacedKind<K> };

export function placedKind({ kind }: { kind: DatastoreKind }): PlacedKind {
  return placedKinds[kind];
}
