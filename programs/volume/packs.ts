/** Small files share chunks, so that a million of them are not a million requests. */
import { hash } from "node:crypto";
import type { Chunks } from "./chunks.ts";
import { CHUNK_BYTES, type File } from "./index.ts";

/** Bytes below which a file shares a chunk; also what a shared chunk holds on average. */
export const PACKED_BELOW = 1024 ** 2;

/** Files that wait at the most: empty space between two boundaries must not fill the memory. */
const MOST_FILES = 4096;

/**
 * Files in a row, until one says that the chunk ends with it. Its path and size alone decide that, not what came before: so a file that
 * comes, goes or changes changes its own chunk, and those behind it stay as they were.
 */
export class Packs {
  readonly #chunks: Chunks;
  readonly #tell: (file: File) => Promise<void>;
  #waiting: { file: File; content: Buffer }[] = [];
  #bytes = 0;

  /** @param tell is given each file once it is known which chunk it is in */
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

/** As likely as the file is large, so that a chunk holds about PACKED_BELOW however large its files are. */
function endsWith(path: string, bytes: number): boolean {
  const dice = hash("sha256", path, "buffer").readUInt32BE() / 2 ** 32;
  return dice < bytes / PACKED_BELOW;
}
