import type { DatastoreKind } from "../../declaration/datastoreOf.ts";
import { configuration } from "./configuration.ts";
import { grafana } from "./grafana.ts";
import type { Kind } from "./kind.ts";
import { postgres } from "./postgres.ts";
import { redis } from "./redis.ts";
import { volume } from "./volume.ts";

/** One row per kind of datastore. */
export const kinds = { postgres, redis, configuration, grafana, volume } satisfies { [K in DatastoreKind]: Kind<K> };

/** The row of a datastore's kind. */
export function kindOf({ kind }: { kind: DatastoreKind }): Kind {
  return kinds[kind];
}

/** The kinds that answer a question with true. */
export function kindsThatAre(question: "drilled" | "restored" | "sql"): DatastoreKind[] {
  return (Object.keys(kinds) as DatastoreKind[]).filter((kind) => (kinds[kind] as Kind)[question] === true);
}
