import type { Postgres } from "../../declaration/datastore.ts";
import { bytes, type Size, sizeOf } from "../../values/size.ts";
import { type Kind, serverSteps } from "./kind.ts";

export const postgres = {
  faultsIn: () => [],
  reads: ({ size, throughput }) => ({ size, throughput }),
  scratch(datastore) {
    const fetched = fetchedScratch(datastore);
    return {
      backup: dumpScratch(datastore),
      drill: sizeOf(bytes(fetched) + bytes(datastore.size.value) + bytes(SERVER_SCRATCH)),
      restore: sizeOf(bytes(fetched)),
    };
  },
  steps: serverSteps,
  lag: ({ maxLag }) => maxLag,
  dataAge: 0,
  continuous: ({ continuous }) => continuous,
  instead: "continuous: cloudNativePg({ … })",
  drilled: true,
  restored: true,
  sql: true,
  server: ({ host, port, database }) => ({ host, port, kind: "postgres", database }),
  holds({ tables }: { tables: { rows: number }[] }) {
    return `${tables.length} tables, ${tables.reduce((sum, { rows }) => sum + rows, 0)} rows`;
  },
} as const satisfies Kind<"postgres">;

/** What a drill's server needs beside its data, such as the write-ahead log. */
const SERVER_SCRATCH: Size = "2Gi";

/** A database of this size or larger is dumped by several workers at once. */
const PARALLEL_FROM: Size = "50Gi";

/** Each worker takes one connection and one core of the server. */
const WORKERS = 4;

/** The first major version whose pg_dump compresses with zstd itself. Source: PostgreSQL 16's release notes. */
const ZSTD_FROM = 16;

/** How many workers dump a database at once. With one, the dump is in the custom format; with more, in the directory format. */
export function dumpJobs({ size }: Postgres): number {
  return bytes(size.value) >= bytes(PARALLEL_FROM) ? WORKERS : 1;
}

/**
 * The space that dumping and verifying a database takes: a dump is never larger than its database. The directory format takes it
 * twice, while it is packed, and while it is unpacked to be read back.
 */
function dumpScratch(datastore: Postgres): Size {
  return space(datastore, dumpJobs(datastore) > 1);
}

/** The space that a fetched dump takes: twice its size while the directory format, or zstd around a dump of before 16, is unpacked. */
function fetchedScratch(datastore: Postgres): Size {
  return space(datastore, datastore.version < ZSTD_FROM || dumpJobs(datastore) > 1);
}

function space({ size }: Postgres, twice: boolean): Size {
  return twice ? sizeOf(2 * bytes(size.value)) : size.value;
}
