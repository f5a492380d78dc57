import type { Finding } from "./finding.ts";

/** Names no existing user and authenticates nothing: any answer shows that the server is alive. */
export function startupMessage({ database }: { database: string }): Buffer {
  const body = Buffer.from(`\0\x03\0\0user\0upkeep-health-monitor\0database\0${database}\0\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length + 4);
  return Buffer.concat([length, body]);
}

/**
 * Reads the first message of a PostgreSQL server as pg_isready does: a request to authenticate, or any error but "cannot connect
 * now", means that it accepts connections. Source: postgresql.org/docs, "Message Formats"; PQpingParams in libpq.
 */
export function readPostgres(answer: Buffer): Finding | undefined {
  const type = String.fromCharCode(answer[0] ?? 0);
  if (type !== "R" && type !== "E") return { ok: false, says: "answers, but not as PostgreSQL does" };
  if (answer.length < 5 || answer.length < answer.readUInt32BE(1) + 1) return undefined;
  const fields = answer.subarray(5).toString().split("\0");
  const field = (code: string) => fields.find((text) => text.startsWith(code))?.slice(1);
  if (type === "E" && field("C") === "57P03") return { ok: false, says: `rejects connections: ${field("M")}` };
  return { ok: true, says: "accepts connections" };
}
