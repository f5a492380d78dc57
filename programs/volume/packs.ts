/** Small files share chunks, so that a million files are not a million requests. */
import { hash } from "node:crypto";
import type { Chunks } from "./chunks.ts";
import { CHUNK_BYTES, type File } from "./index.ts";

/** Bytes below which a file shares a chunk; also the average size of a shared chunk. */
export const PACKED_BELOW = 1024 ** 2;

/** Maximum number of waiting files: many empty files between two boundaries must not fill the memory. */
const MOST_FILES = 4096;

/**
 * Collects files until one ends the chunk. That depends only on the file's path and size, not on earlier files: so a new, deleted or changed
 * file changes its own chunk, and none after it.
 */
export class Packs {
  readonly #chunks: Chunks;
  readonly #tell: (file: File) => Promise<void>;
  #waiting: { file: File; content: Buffer }[] = [];
  #bytes = 0;

  /** @param tell is called with each file once it is known which chunk it is in */
  constructor(chunks: Chunks, tell: (file: File) => Promise<void>) {
    this.#chunks = chunks;
    this.#tell = tell;
  }

  async add(path: string, file: File, content: Buffer): Promise<void> {
    if (this.#bytes + content.length > CHUNK_BYTES || this.#waiting.length === MOST_FILES) await this.flush();
    this.#waiting.push({ file, content });
    this.#bytes += content.length;
    if (endsWith(path, content.length)) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    const sha256 = await this.#chunks.add(Buffer.concat(waiting.map(({ content }) => content)));
    let at = 0;
    for (const { file, content } of waiting) {
      await this.#tell({ ...file, parts: [{ sha256, at, bytes: content.length }] });
      at += content.length;
    }
  }
}

/** The probability grows with the file's size, so that a chunk has about PACKED_BELOW bytes whatever its files' sizes. */
function endsWith(path: string, bytes: number): boolean {
  const dice = hash("sha256", path, "buffer").readUInt32BE() / 2 ** 32;
  return dice < bytes / PACKED_BELOW;
}
