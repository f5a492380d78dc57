import type { Postgres } from "./datastore.ts";
import { bytes, type Size, sizeOf } from "./size.ts";

/** A database of this size or larger is dumped by several workers at once. */
const PARALLEL_FROM: Size = "50Gi";

/** Each is one more connection to the server, and one more core of it that is busy. */
const WORKERS = 4;

/** The first major version whose pg_dump compresses with zstd itself. Source: PostgreSQL 16's release notes. */
const ZSTD_FROM = 16;

/** How many workers dump a database at once. With one, the dump is in the custom format; with more, in the directory format. */
export function dumpJobs({ size }: Postgres): number {
  return bytes(size.value) >= bytes(PARALLEL_FROM) ? WORKERS : 1;
}

/**
 * The space that dumping and verifying a database takes: a dump is never larger than its database. It lies there twice while it
 * is compressed in a second pass, and while the directory format is unpacked to be read back.
 */
export function dumpScratch(datastore: Postgres): Size {
  const twice = datastore.version < ZSTD_FROM || dumpJobs(datastore) > 1;
  return twice ? sizeOf(2 * bytes(datastore.size.value)) : datastore.size.value;
}
