/**
 * The index of a volume's backup: one line of JSON per entry, compressed by zstd. Format: docs/volumes.md. The files' content is beside it,
 * in chunks named by their hashes.
 */
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
import { constants, createZstdCompress, createZstdDecompress } from "node:zlib";

export const SCHEMA = "upkeep/volume-index/v1";

/** Files are split at every multiple of this, so that unchanged parts give the same chunks. */
export const CHUNK_BYTES = 4 * 1024 ** 2;

/** The file system's own folder at the root of a volume. */
export const LOST_AND_FOUND = "lost+found";

/** A name: text if it is UTF-8, otherwise its bytes. */
export type Name = string | { base64: string };

export interface Header {
  type: "index";
  schema: typeof SCHEMA;
  startedAt: string;
  /** Key of a chunk without its hash. */
  chunks: string;
}

/** A chunk, once, before or after the files in it. */
export interface Chunk {
  type: "chunk";
  /** SHA-256 of its content, in hexadecimal. */
  sha256: string;
  bytes: number;
  /** Size of the object: the content, compressed by zstd. */
  stored: number;
}

interface Entry {
  /** From the volume's root, without a slash in front; empty for the root itself. */
  path: Name;
  /** Permissions, with the bits for set-user-id and the like. */
  mode: number;
  uid: number;
  gid: number;
  /** Nanoseconds since 1970, as text: JSON numbers are not precise enough. */
  mtime: string;
}

export interface File extends Entry {
  type: "file";
  size: number;
  /** In order; a small file shares a chunk with others, at an offset. */
  parts: Part[];
}

export interface Part {
  sha256: string;
  /** Offset in the chunk. Default: 0. */
  at?: number;
  bytes: number;
}

export interface Directory extends Entry {
  type: "directory";
}

export interface Symlink extends Entry {
  type: "symlink";
  target: Name;
}

/** Another name of a file that has an entry of its own. */
export interface HardLink {
  type: "link";
  path: Name;
  to: Name;
}

export type Line = Header | Chunk | File | Directory | Symlink | HardLink;

/** @param bytes a name or target, each of its bytes a character (`latin1`), as this program keeps them */
export function named(bytes: string): Name {
  const buffer = Buffer.from(bytes, "latin1");
  const text = buffer.toString("utf8");
  return Buffer.from(text, "utf8").equals(buffer) ? text : { base64: buffer.toString("base64") };
}

/** The bytes of a name, each as a character. */
export function bytesOf(name: Name): string {
  const buffer = typeof name === "string" ? Buffer.from(name, "utf8") : Buffer.from(name.base64, "base64");
  return buffer.toString("latin1");
}

/** A path for Node, as unchanged bytes. */
export function onDisk(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(root), Buffer.from("/"), Buffer.from(path, "latin1")]);
}

/** A name for people. */
export function shownName(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Writes an index line by line, so that it is never in memory whole. */
export class IndexWriter {
  readonly #compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  readonly #written: Promise<void>;

  constructor(file: string) {
    this.#written = pipeline(this.#compress, createWriteStream(file));
    // Reported by `add` or `end`, whichever comes next.
    this.#written.catch(() => undefined);
  }

  async add(line: Line): Promise<void> {
    if (!this.#compress.write(`${JSON.stringify(line)}\n`)) {
      await Promise.race([once(this.#compress, "drain"), this.#written]);
    }
  }

  async end(): Promise<void> {
    this.#compress.end();
    await this.#written;
  }
}

/** @throws where the index cannot be read whole */
export async function* readIndex(file: string): AsyncGenerator<Line> {
  const text = createZstdDecompress();
  const read = pipeline(createReadStream(file), text);
  read.catch(() => undefined);
  let lines = 0;
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    const parsed = JSON.parse(line) as Line;
    if (lines++ === 0 && (parsed.type !== "index" || parsed.schema !== SCHEMA)) {
      throw new Error(`${file} is no ${SCHEMA}: ${line.slice(0, 200)}`);
    }
    yield parsed;
  }
  await read;
  if (lines === 0) throw new Error(`${file} is empty`);
}
