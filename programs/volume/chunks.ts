/** Chunks in S3, each an object named by the hash of its content: an existing chunk is never uploaded again. */
import { hash } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import type { Bucket } from "../s3/client.ts";
import { CHUNK_BYTES, type Chunk } from "./index.ts";
import { Pool } from "./pool.ts";

/** Concurrent uploads: each keeps a chunk and its compressed form in memory. */
export const AT_ONCE = 8;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const options = { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } };

/** Totals of a backup's chunks. */
export class Chunks {
  /** Bytes that were sent, and in how many objects. */
  sent = { bytes: 0, objects: 0 };
  readonly #bucket: Bucket;
  readonly #prefix: string;
  readonly #pool = new Pool(AT_ONCE);
  /** Size of each object that is there, by hash. */
  readonly #there: Map<string, number>;
  readonly #used = new Set<string>();
  readonly #tell: (chunk: Chunk) => Promise<void>;

  /**
   * @param prefix of their keys
   * @param there what a listing of the prefix says is there
   * @param tell is called for each chunk once, when it is there
   */
  constructor(bucket: Bucket, prefix: string, there: Map<string, number>, tell: (chunk: Chunk) => Promise<void>) {
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#there = there;
    this.#tell = tell;
  }

  get count(): number {
    return this.#used.size;
  }

  /** Sees to it that a chunk is there by `end`. @param content must not change afterwards. @returns its hash */
  async add(content: Buffer<ArrayBuffer>): Promise<string> {
    const sha256 = hash("sha256", content);
    if (this.#used.has(sha256)) return sha256;
    this.#used.add(sha256);
    const known = this.#there.get(sha256);
    if (known !== undefined) await this.#tell({ type: "chunk", sha256, bytes: content.length, stored: known });
    else await this.#pool.add(() => this.#send(sha256, content));
    return sha256;
  }

  end(): Promise<void> {
    return this.#pool.end();
  }

  async #send(sha256: string, content: Buffer<ArrayBuffer>): Promise<void> {
    const stored = await compress(content, options);
    // Another run may have put it since the listing, compressed as this one does: by the same image.
    if (await this.#bucket.putIfAbsent(this.#prefix + sha256, stored, hash("sha256", stored, "buffer"))) {
      this.sent.bytes += stored.length;
      this.sent.objects++;
    }
    await this.#tell({ type: "chunk", sha256, bytes: content.length, stored: stored.length });
  }
}

/** A chunk's content. @throws when it is missing, or does not match its hash */
export async function fetchChunk(bucket: Bucket, prefix: string, { sha256, bytes }: Chunk): Promise<Buffer> {
  const object = `s3://${bucket.name}/${prefix}${sha256}`;
  const content = await decompress(await bucket.getHidden(prefix + sha256), { maxOutputLength: CHUNK_BYTES }).catch(
    (error: NodeJS.ErrnoException) => {
      if (!error.code?.startsWith("ZSTD") && error.code !== "ERR_BUFFER_TOO_LARGE") throw error;
      throw new Error(`${object} is damaged: ${error.message}`);
    },
  );
  const found = hash("sha256", content);
  if (content.length !== bytes || found !== sha256) {
    throw new Error(
      `${object} is damaged: it holds ${content.length} bytes with SHA-256 ${found}; the index says ${bytes} bytes`,
    );
  }
  return content;
}
