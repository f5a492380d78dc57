import type { Recipient } from "../declaration/configurationKinds.ts";
import type { DatastoreKind, DatastoreOf } from "../declaration/datastoreOf.ts";

/** What of a kind's own fields differs from environment to environment, beside every datastore's namespace and size. */
export interface PlacedKind<K extends DatastoreKind = DatastoreKind> {
  /** The namespaces that a declaration names beside its own. */
  namespaces(datastore: DatastoreOf<K>): string[];
  /** The datastore with those namespaces as they are in the environment. */
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
